//! `tipsearch eval`
use super::args::{Common, EvalArgs};
use super::output::Output;
use crate::error::Result;
/// stub
pub fn run(_arguments: &EvalArgs, _common: &Common, _output: &Output) -> Result<u8> {
    Ok(0)
}
