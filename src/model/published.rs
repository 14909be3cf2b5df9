//! Secrets in the history of a git repository.

use super::words::words;
use super::{Commit, Place};

words! {
    /// What was published.
    PublishedSecret {
        /// The password of an account.
        AccountPassword = "account_password",
        /// A command that is to fetch the password of an account, and holds it.
        PasswordCommand = "password_in_command",
        /// The password of a room.
        RoomPassword = "room_password",
        /// The password of a proxy.
        ProxyPassword = "proxy_password",
        /// The password of a helper, such as a TURN server.
        HelperPassword = "helper_secret",
        /// A password in a command that is kept for the user.
        InCommand = "secret_command",
        /// Private keys.
        PrivateKey = "private_key",
        /// Something in a copy of settings that the client has left behind.
        ForgottenCopy = "forgotten_copy",
    }
}

words! {
    /// What became of a secret since its commit, as far as the newest version (`HEAD`) tells.
    Standing {
        /// It still stands there, in the same file or in another.
        StillThere = "still_there",
        /// The file is there, without it.
        TakenOut = "taken_out",
        /// The file is no longer there.
        FileGone = "file_gone",
    }
}

/// A secret that stands in a commit of a git repository.
#[derive(Clone, Debug)]
pub struct Published {
    /// What it is.
    pub what: PublishedSecret,
    /// Where it stands, in the version of the file that the commit brought.
    pub place: Place,
    /// The number of the account that it belongs to.
    pub account: Option<usize>,
    /// The number of the room that it belongs to.
    pub room: Option<usize>,
    /// The first commit in which it stands.
    pub commit: Commit,
    /// The path of its file in that commit.
    pub path: String,
    /// What became of it.
    pub standing: Standing,
}
