//! Passages by the role of their section, told apart by what the index has of it: no passage is read for that but one
//! of each role, for its name.

use super::groups::{Group, role_group};
use crate::engine::Engine;
use crate::error::Result;
use crate::query::{Clause, Filter, FilterValue, Query, fold_value};

/// The field of roles in a filter.
const ROLE: &str = "role";

/// A role as a filter names it.
#[derive(Clone, Debug)]
pub struct Role {
    folded: String,
    group: Group,
}

/// A query for each role that the index has, and one for passages without a role. Each passage that the query finds
/// is found by one of them.
///
/// # Errors
/// Those of the engine.
pub fn by_role<E: Engine>(engine: &E, query: &Query) -> Result<Vec<(Group, Query)>> {
    Ok(by_roles(&roles(engine, query)?, query))
}

/// The same for roles that are known.
pub fn by_roles(roles: &[Role], query: &Query) -> Vec<(Group, Query)> {
    let mut queries: Vec<(Group, Query)> =
        roles.iter().map(|role| (role.group.clone(), only(query, &role.folded))).collect();
    let none = roles.iter().map(|role| is(&role.folded)).collect();
    queries.push((Group::None, narrowed(query, Vec::new(), none)));
    queries
}

/// The roles of the index, found in the time of a query.
///
/// # Errors
/// Those of the engine.
pub fn roles<E: Engine>(engine: &E, query: &Query) -> Result<Vec<Role>> {
    let everything = Query { clause: Clause::Everything, ..query.clone() };
    let mut roles: Vec<Role> = Vec::new();
    for folded in engine.values(ROLE)? {
        let hits = engine.every(&only(&everything, &folded))?;
        let first = engine.load(hits.get(..1).unwrap_or_default())?;
        let group = first.first().map(role_group);
        if let Some(group) = group.filter(|group| is_called(group, &folded)) {
            roles.push(Role { folded, group });
        }
    }
    Ok(roles)
}

fn is_called(group: &Group, folded: &str) -> bool {
    matches!(group, Group::Text(text) if fold_value(text) == folded)
}

/// The query for passages of one role.
fn only(query: &Query, folded: &str) -> Query {
    narrowed(query, vec![is(folded)], Vec::new())
}

fn is(folded: &str) -> Clause {
    let values = vec![FilterValue::Is(folded.to_owned())];
    Clause::Filter(Filter { field: ROLE.to_owned(), values })
}

fn narrowed(query: &Query, mut must: Vec<Clause>, not: Vec<Clause>) -> Query {
    must.push(query.clause.clone());
    Query { clause: Clause::Boolean { must, should: Vec::new(), not }, ..query.clone() }
}
