//! Files that lie in memory, and not on a disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Lot, Request, Search};
use crate::clients::{CLIENTS, Client, Found, dotfiles};
use crate::discover::{self, Discovery, Group, Wanted};
use crate::model::{Notice, Trouble};
use crate::source::Reader;

impl Search {
    /// Takes the bytes of one file, which stands for the file at `path`.
    #[must_use]
    pub fn of_bytes(path: &Path, bytes: Zeroizing<Vec<u8>>, request: &Request) -> Self {
        let mut search = Self { searched: vec![path.to_owned()], ..Self::default() };
        if !request.wants_path(path) {
            search.excluded = 1;
            search.notices.push(Notice { path: path.to_owned(), kind: None, trouble: Trouble::Excluded });
            return search;
        }
        let asked = |client: &dyn Client| request.wants_client(client.name());
        let reader =
            Reader::of_standard_input(request.bounds, path.to_owned(), bytes).prepared_by(dotfiles::prepare);
        let head = |length| reader.head(path, length).unwrap_or_default();
        let recognised =
            discover::recognise(path, &asked, head).and_then(|(number, kind)| Some((*CLIENTS.get(number)?, kind)));
        match recognised {
            Some((client, kind)) => {
                let files = vec![Found { path: path.to_owned(), kind, home: None }];
                search.lots.push(Lot { groups: vec![Group { client, files }], reader, in_homes: false });
            }
            None => search.notices.push(Notice { path: path.to_owned(), kind: None, trouble: Trouble::Foreign }),
        }
        search
    }

    /// Takes files for everything that lies below `root`, and looks at them as a walk would: what nobody knows is
    /// passed over. Nothing on the disk is looked at but whether a repository lies around a path of theirs.
    #[must_use]
    pub fn of_files(
        root: &Path,
        files: impl IntoIterator<Item = (PathBuf, Zeroizing<Vec<u8>>)>,
        request: &Request,
    ) -> Self {
        let reader = Reader::of_files(request.bounds, files).prepared_by(dotfiles::prepare);
        let wanted = Wanted {
            client: &|client| request.wants_client(client),
            path: &|path| request.wants_path(path),
            reach: request.reach,
        };
        let mut discovery = Discovery::default();
        discovery.look_at_given(root, &reader, &wanted);
        let (groups, notices) = discovery.take_groups();
        Self {
            lots: vec![Lot { groups, reader, in_homes: false }],
            searched: vec![root.to_owned()],
            notices,
            configurations: discovery.configurations().to_vec(),
            excluded: discovery.excluded(),
            pruned: discovery.pruned(),
            users: BTreeMap::new(),
            pasts: Vec::new(),
        }
    }
}
