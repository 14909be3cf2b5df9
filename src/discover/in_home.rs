//! What lies at the known places of a home.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use super::identity::{self, Identity};
use super::on_the_way::OnTheWay;
use super::pattern::LastListed;
use super::{Home, Wanted};
use crate::clients::{CLIENTS, Client, Found, HEAD, KnownPlace, dotfiles};
use crate::model::{Notice, Trouble};
use crate::source::Reader;

/// What lies at the known places of a home, before it is known whether it was found elsewhere already.
#[derive(Default)]
pub struct InHome {
    /// Clients’ files, each with the number of its client.
    pub(super) found: Vec<(usize, Found, Option<Identity>)>,
    pub(super) notices: Vec<Notice>,
    pub(super) excluded: Vec<Identity>,
}

/// Looks at the known places of a home. Several homes may be looked at at the same time.
#[must_use]
pub fn look_in_home(home: &Home, reader: &Reader, wanted: &Wanted<'_>) -> InHome {
    let mut found = InHome::default();
    let mut closed = BTreeSet::new();
    let mut lacking = HashMap::new();
    let mut last = LastListed::default();
    let mut on_the_way = OnTheWay::new(home, wanted.reach);
    for (number, client) in CLIENTS.iter().enumerate().filter(|(_, client)| (wanted.client)(client.name())) {
        for place in client.known_places() {
            if home.lacks(place, &mut lacking) {
                continue;
            }
            let matches = home.look_for(place, &mut last);
            closed.extend(matches.closed);
            for path in matches.paths {
                if !(wanted.path)(&path) {
                    found.excluded.extend(identity::of(&path, reader));
                } else if let Some(trouble) = on_the_way.stops(&path) {
                    found.notices.push(Notice { path, kind: None, trouble });
                } else {
                    found.look_at(path, (number, *client), (home, place), reader);
                }
            }
        }
    }
    let denied = |path| Notice { path, kind: None, trouble: Trouble::PermissionDenied };
    found.notices.extend(closed.into_iter().map(denied));
    found
}

impl InHome {
    fn look_at(
        &mut self,
        path: PathBuf,
        (number, client): (usize, &dyn Client),
        (home, place): (&Home, &KnownPlace),
        reader: &Reader,
    ) {
        let head = reader.head(&path, HEAD);
        if let Some(by) = head.as_ref().ok().and_then(|head| dotfiles::encrypted_by(&path, head)) {
            let trouble = Trouble::KeptEncrypted(by);
            self.notices.push(Notice { path, kind: Some(place.kind), trouble });
            return;
        }
        let recognised = head.ok().and_then(|head| client.recognise(&path, &head));
        let home = home.owns_by_variable(place).then(|| home.root.clone());
        let identity = identity::of(&path, reader);
        self.found.push((number, Found { path, kind: recognised.unwrap_or(place.kind), home }, identity));
    }
}
