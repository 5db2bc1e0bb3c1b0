//! What a group has of formatting, and where its text goes.

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Destination {
    /// Into the text of the document.
    #[default]
    Text,
    /// Nowhere.
    Nowhere,
    /// Nowhere, but for the text boxes in a drawing.
    Drawing,
    /// Nowhere, but for the part that is in Unicode.
    Alternatives,
    /// Into the number or bullet of a paragraph.
    ListText,
    /// Into the instruction of a field.
    Instruction,
    /// The table of fonts.
    Fonts,
    /// The table of styles.
    Styles,
    /// The properties of the document.
    Properties,
    /// One of the properties of the document.
    Property(Property),
}

/// A property of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    Title,
    Author,
    Subject,
    Keywords,
    Description,
    Created,
    Modified,
}

/// What ends when a group ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// Nothing but the group.
    #[default]
    Nothing,
    /// A foot- or endnote.
    Note,
    /// A text box.
    Box,
    /// A field.
    Field,
}

/// The state of a group.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub destination: Destination,
    /// Where text goes again in the part of a group that is in Unicode.
    pub outer: Destination,
    pub ends: Ends,
    /// Whether the group may be left out by who does not know its first word.
    pub is_optional: bool,
    /// How many characters stand in for one in Unicode.
    pub fallback: usize,
    pub font: Option<i32>,
    pub is_hidden: bool,
    pub is_deleted: bool,
    pub is_raised: bool,
    pub lang: Option<i32>,
    pub paragraph: ParagraphState,
}

/// The formatting of paragraphs.
#[derive(Clone, Debug, Default)]
pub struct ParagraphState {
    pub style: i32,
    /// The outline level: 0 to 8, or 9 for body text.
    pub outline: Option<i32>,
    pub list: Option<i32>,
    pub is_in_table: bool,
    pub is_centred: bool,
    /// Whether the first line begins to the left of the others.
    pub is_hanging: bool,
    /// The depth of the table.
    pub depth: i32,
}
