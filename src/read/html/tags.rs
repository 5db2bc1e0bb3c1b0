//! The elements that reading tells apart, and what holds for each kind.

macro_rules! tags {
    ($($tag:ident $name:literal,)*) => {
        /// An element's name, or text. Names that reading does not tell apart are `Other`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Tag { Text, Verbatim, Other, $($tag),* }

        impl Tag {
            /// How many there are.
            pub const COUNT: usize = [Tag::Text, Tag::Verbatim, Tag::Other, $(Tag::$tag),*].len();

            /// The tag of a name in lower case.
            fn of_lower(name: &[u8]) -> Tag {
                match name {
                    $($name => Tag::$tag,)*
                    _ => Tag::Other,
                }
            }
        }
    };
}

tags! {
    A b"a", Abbr b"abbr", Address b"address", Article b"article", Aside b"aside", Audio b"audio",
    B b"b", Base b"base", Blockquote b"blockquote", Body b"body", Br b"br", Button b"button",
    Canvas b"canvas", Caption b"caption", Center b"center", Code b"code", Col b"col",
    Colgroup b"colgroup", Datalist b"datalist", Dd b"dd", Del b"del", Details b"details", Dialog b"dialog",
    Div b"div", Dl b"dl", Dt b"dt", Em b"em", Embed b"embed", Fieldset b"fieldset",
    Figcaption b"figcaption", Figure b"figure", Font b"font", Footer b"footer",
    ForeignObject b"foreignobject", Form b"form", Frame b"frame", Frameset b"frameset",
    H1 b"h1", H2 b"h2", H3 b"h3", H4 b"h4", H5 b"h5", H6 b"h6", Head b"head", Header b"header",
    Hgroup b"hgroup", Hr b"hr", Html b"html", I b"i", Iframe b"iframe", Img b"img",
    Input b"input", Label b"label", Legend b"legend", Li b"li", Link b"link",
    Listing b"listing", Main b"main", Map b"map", Math b"math", Menu b"menu", Meta b"meta",
    Nav b"nav", Noembed b"noembed", Noframes b"noframes", Noscript b"noscript",
    Object b"object", Ol b"ol", Optgroup b"optgroup", Option b"option", P b"p",
    Param b"param", Picture b"picture", Plaintext b"plaintext", Pre b"pre", Q b"q", Rp b"rp", Rt b"rt",
    S b"s", Script b"script", Search b"search", Section b"section", Select b"select",
    Small b"small", Source b"source", Span b"span", Strike b"strike", Strong b"strong", Style b"style",
    Sub b"sub", Summary b"summary", Sup b"sup", Svg b"svg", Table b"table", Tbody b"tbody",
    Td b"td", Template b"template", Textarea b"textarea", Tfoot b"tfoot", Th b"th",
    Thead b"thead", Time b"time", Title b"title", Tr b"tr", Track b"track", U b"u", Ul b"ul",
    Video b"video", Wbr b"wbr", Xmp b"xmp", Annotation b"annotation",
    AnnotationXml b"annotation-xml", Area b"area",
}

/// The longest name above, bytes.
const LONGEST_NAME: usize = 14;

impl Tag {
    /// The tag of a name as the source writes it. Prefixes of namespaces that mean HTML, SVG or MathML
    /// by custom go; others stay, for Word's `<o:p>` is no paragraph.
    pub fn of(name: &str) -> Tag {
        let name = match name.split_once(':') {
            Some(("html" | "xhtml" | "h" | "svg" | "m" | "mml" | "math", local)) => {
                local.as_bytes()
            }
            _ => name.as_bytes(),
        };
        let mut lower = [0u8; LONGEST_NAME];
        let Some(lower) = lower.get_mut(..name.len()) else { return Tag::Other };
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        Tag::of_lower(lower)
    }

    /// Whether it has no content.
    pub fn is_void(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Area | Base
                | Br
                | Col
                | Embed
                | Frame
                | Hr
                | Img
                | Input
                | Link
                | Meta
                | Param
                | Source
                | Track
                | Wbr
        )
    }

    /// Whether it is text, and not an element.
    pub fn is_text(self) -> bool {
        matches!(self, Tag::Text | Tag::Verbatim)
    }

    /// The level of a heading.
    pub fn level(self) -> Option<u8> {
        match self {
            Tag::H1 => Some(1),
            Tag::H2 => Some(2),
            Tag::H3 => Some(3),
            Tag::H4 => Some(4),
            Tag::H5 => Some(5),
            Tag::H6 => Some(6),
            _ => None,
        }
    }

    /// Whether a browser shows it as a block on its own lines.
    pub fn is_block(self) -> bool {
        use Tag::*;
        self.closes_paragraph()
            || matches!(
                self,
                Body | Caption
                    | Html
                    | Legend
                    | Optgroup
                    | Option
                    | Tbody
                    | Td
                    | Tfoot
                    | Th
                    | Thead
                    | Tr
            )
    }

    /// Whether its start tag ends an open `<p>`.
    pub fn closes_paragraph(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Dd
                | Details
                | Dialog
                | Div
                | Dl
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hgroup
                | Hr
                | Li
                | Listing
                | Main
                | Menu
                | Nav
                | Ol
                | P
                | Plaintext
                | Pre
                | Search
                | Section
                | Summary
                | Table
                | Ul
                | Xmp
        )
    }

    /// Whether the end tag of an element outside does not reach into it.
    pub fn is_scope(self) -> bool {
        use Tag::*;
        matches!(self, Caption | Html | Object | Table | Td | Template | Th | ForeignObject)
    }

    /// Whether it only changes how text looks: without attributes, it is left out of the tree.
    pub fn is_plain_style(self) -> bool {
        use Tag::*;
        matches!(
            self,
            B | I | Em | Strong | U | Small | Sub | Font | Span | Abbr | Code | Label | Time | Wbr
        )
    }

    /// Whether its text is never a part of what a page says; what is struck out is not said any more.
    pub fn is_never_shown(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Head | Del
                | S
                | Strike
                | Script
                | Style
                | Template
                | Svg
                | Iframe
                | Audio
                | Video
                | Canvas
                | Noembed
                | Noframes
                | Select
                | Datalist
                | Textarea
                | Annotation
                | AnnotationXml
        )
    }
}
