//! The commits of a repository, each behind those that it was made from.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use gix_hash::ObjectId;
use gix_object::{CommitRefIter, TagRefIter};
use time::OffsetDateTime;

use super::objects::Objects;
use crate::model::Commit;

/// A commit.
#[derive(Clone, Debug)]
pub(super) struct Revision {
    /// Its name.
    pub id: ObjectId,
    /// Its topmost folder.
    pub tree: ObjectId,
    /// When it came to be, in seconds since 1970, as it says itself.
    seconds: i64,
    /// The day on which its author made it, where he was.
    date: String,
    /// The numbers of those that it was made from, as far as they are there.
    parents: Vec<usize>,
}

impl Revision {
    /// The commit as it is named to people.
    pub(super) fn named(&self) -> Commit {
        Commit { id: self.id.to_string(), date: self.date.clone() }
    }
}

/// All commits that these objects lead to, each once: every one behind those that it was made from, and otherwise the
/// older before the newer. Beyond the commits in `cut` nothing is looked for.
pub(super) fn in_order(objects: &Objects, tips: &[ObjectId], cut: &HashSet<ObjectId>) -> Vec<Revision> {
    let found = collect(objects, tips, cut);
    let mut waiting: Vec<usize> = found.iter().map(|revision| revision.parents.len()).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); found.len()];
    for (number, revision) in found.iter().enumerate() {
        for parent in &revision.parents {
            if let Some(children) = children.get_mut(*parent) {
                children.push(number);
            }
        }
    }
    let key = |number: usize| found.get(number).map(|revision| Reverse((revision.seconds, revision.id, number)));
    let roots = waiting.iter().enumerate().filter(|(_, parents)| **parents == 0);
    let mut ready: BinaryHeap<_> = roots.filter_map(|(number, _)| key(number)).collect();
    let mut order = Vec::with_capacity(found.len());
    let mut placed = vec![false; found.len()];
    while let Some(Reverse((_, _, number))) = ready.pop() {
        order.push(number);
        if let Some(placed) = placed.get_mut(number) {
            *placed = true;
        }
        for child in children.get(number).into_iter().flatten() {
            let Some(parents) = waiting.get_mut(*child) else { continue };
            *parents -= 1;
            if *parents == 0 {
                ready.extend(key(*child));
            }
        }
    }
    // Names of objects are not proved: a forged repository may hold commits that were made from one another.
    let circling = placed.iter().enumerate().filter(|(_, placed)| !**placed).map(|(number, _)| number);
    order.extend(circling);
    order.into_iter().filter_map(|number| found.get(number).cloned()).collect()
}

/// All commits that these objects lead to, in no order that means anything.
fn collect(objects: &Objects, tips: &[ObjectId], cut: &HashSet<ObjectId>) -> Vec<Revision> {
    let mut numbers: HashMap<ObjectId, Option<usize>> = HashMap::new();
    let mut found: Vec<(Revision, Vec<ObjectId>)> = Vec::new();
    let mut waiting: Vec<ObjectId> = tips.to_vec();
    while let Some(id) = waiting.pop() {
        if numbers.contains_key(&id) {
            continue;
        }
        numbers.insert(id, None);
        match objects.read(&id, None, |kind, data| read(objects, id, kind, data)) {
            Some(Node::Commit(revision, mut parents)) => {
                if cut.contains(&id) {
                    parents.clear();
                }
                waiting.extend(parents.iter().copied());
                numbers.insert(id, Some(found.len()));
                found.push((revision, parents));
            }
            Some(Node::Tag(target)) => waiting.push(target),
            Some(Node::Other) | None => {}
        }
    }
    let number_of = |id: &ObjectId| numbers.get(id).copied().flatten();
    found
        .into_iter()
        .map(|(revision, parents)| {
            let mut parents: Vec<usize> = parents.iter().filter_map(number_of).collect();
            parents.sort_unstable();
            parents.dedup();
            Revision { parents, ..revision }
        })
        .collect()
}

/// What a reference may lead to.
enum Node {
    Commit(Revision, Vec<ObjectId>),
    Tag(ObjectId),
    /// A folder or a file, which no commit names.
    Other,
}

fn read(objects: &Objects, id: ObjectId, kind: gix_object::Kind, data: &[u8]) -> Option<Node> {
    match kind {
        gix_object::Kind::Commit => {
            let commit = || CommitRefIter::from_bytes(data, objects.hash());
            let tree = commit().tree_id().ok()?;
            // Whoever wrote a broken date still published what stands in the commit.
            let seconds = commit().committer().map_or(0, |who| who.seconds());
            let date = commit()
                .author()
                .ok()
                .and_then(|who| who.time().ok())
                .and_then(|time| day(time.seconds, time.offset));
            let parents = commit().parent_ids().collect();
            let date = date.unwrap_or_default();
            Some(Node::Commit(Revision { id, tree, seconds, date, parents: Vec::new() }, parents))
        }
        gix_object::Kind::Tag => TagRefIter::from_bytes(data, objects.hash()).target_id().ok().map(Node::Tag),
        gix_object::Kind::Tree | gix_object::Kind::Blob => Some(Node::Other),
    }
}

/// The day of a time, `offset` seconds east of Greenwich: `2026-01-02`.
fn day(seconds: i64, offset: i32) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(seconds.checked_add(i64::from(offset))?).ok()?;
    Some(format!("{:04}-{:02}-{:02}", time.year(), u8::from(time.month()), time.day()))
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_author() {
        assert_eq!(day(1_767_398_399, 0).as_deref(), Some("2026-01-02"));
        assert_eq!(day(1_767_398_399, 3600).as_deref(), Some("2026-01-03"));
        assert_eq!(day(0, -3600).as_deref(), Some("1969-12-31"));
        assert_eq!(day(i64::MAX, 3600), None);
        assert_eq!(day(1 << 60, 0), None);
    }
}
