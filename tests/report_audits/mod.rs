//! Audits made by hand, with every shape that a finding can have.
#![allow(dead_code, unused_imports, reason = "each test uses some of them")]

mod accepted;

mod compared;

use std::path::PathBuf;

pub use accepted::{accepted, against_a_baseline, at_home, exchanged, rules};
pub use compared::{compared, judged};

use xmpp_audit::finding::{
    AccountGrade, AccountSummary, Audit, Confidence, Expected, Finding, Grade, Input, InputStatus, Severity,
    Wanted, fingerprint,
};
use xmpp_audit::model::{
    ClientName, Excerpt, Exposure, FileKind, Language, Notice, Outcome, Purpose, Span, Text, Trouble,
};
use xmpp_audit::report::{self, Detail, Options};
use zeroize::Zeroizing;

pub const ACCOUNTS_XML: &str = "\
<?xml version='1.0' encoding='UTF-8' ?>

<account version='1.0'>
\t<account>
\t\t<protocol>prpl-jabber</protocol>
\t\t<name>alice@example.org/</name>
\t\t<password>hunter2</password>
\t\t<settings>
\t\t\t<setting name='connection_security' type='string'>opportunistic_tls</setting>
\t\t</settings>
\t</account>
\t<account>
\t\t<protocol>prpl-jabber</protocol>
\t\t<name>bob@example.org/laptop</name>
\t</account>
</account>
";

const PIDGIN: ClientName = ClientName("pidgin");
const GAJIM: ClientName = ClientName("gajim");
const PROFANITY: ClientName = ClientName("profanity");

pub const PURPLE: &str = "/home/alice/.purple/accounts.xml";
pub const GAJIM_DATABASE: &str = "/home/alice/.config/gajim/settings.sqlite";
pub const PROFANITY_ACCOUNTS: &str = "/home/alice/.local/share/profanity/accounts";

/// The report as text.
pub fn written(audit: &Audit, format: &str, options: &Options) -> String {
    let mut out = Vec::new();
    report::write(audit, report::by_name(format).unwrap(), options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub fn options(width: usize) -> Options {
    Options { width, ..Options::default() }
}

pub fn french(width: usize) -> Options {
    Options { width, language: Language::French, ..Options::default() }
}

pub fn detail(detail: Detail) -> Options {
    Options { detail, ..Options::default() }
}

/// A finding at the first `marked` of `source`, with the password in it hidden.
pub fn text_finding(path: &str, source: &str, marked: &str) -> Finding {
    let mut text = Text::new(Zeroizing::new(source.as_bytes().to_vec()));
    if let Some(at) = source.find("hunter2") {
        text.hide(Span::new(at, at + "hunter2".len()));
    }
    let start = source.find(marked).unwrap();
    let span = Span::new(start, start + marked.len());
    Finding {
        rule: "encryption-optional".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        client: PIDGIN,
        subject: "account",
        account: Some("alice@example.org".to_owned()),
        room: None,
        path: PathBuf::from(path),
        position: Some(text.position(span)),
        place: "accounts[alice@example.org] / connection_security".to_owned(),
        excerpt: Some(text.excerpt(span)),
        default_word: None,
        title: "Encryption only if the server offers it".into(),
        message: "alice@example.org is one click away from giving its password to anyone on the way who hides the server’s offer of encryption".to_owned(),
        expected: None,
        why: "Somebody between you and the server (the owner of the Wi-Fi, a provider, a state) removes the server’s\noffer of STARTTLS from the stream. The client takes that for a server that cannot encrypt, and goes on in\nthe clear.\n\n- **Pidgin 2.14.12, observed:** one wrong click in a dialog sends the password; a server that offers SCRAM\n  gets a guessable value without any dialog.\n- See [RFC 7590, section 3.1](https://www.rfc-editor.org/rfc/rfc7590#section-3.1).".into(),
        remedy: "Accounts › Manage Accounts › choose the account › Modify › tab “Advanced” › “Connection security”: **Require\nencryption**. Leave “Allow plaintext auth over unencrypted streams” unticked.".into(),
        baseline: None,
        commit: None,
            repair: None,
        fingerprint: fingerprint(&["encryption-optional", "pidgin", marked], 0),
    }
}

/// The value stands in a text file.
pub fn written_setting() -> Finding {
    text_finding(PURPLE, ACCOUNTS_XML, "opportunistic_tls")
}

/// A second finding of the same rule, with the same advice; nothing is written, the default is the problem.
pub fn default_setting() -> Finding {
    Finding {
        account: Some("bob@example.org".to_owned()),
        place: "accounts[bob@example.org] / connection_security".to_owned(),
        default_word: Some("opportunistic_tls"),
        message: "bob@example.org is one click away from giving its password to anyone on the way who hides the server’s offer of encryption".to_owned(),
        ..text_finding(PURPLE, ACCOUNTS_XML, "bob@example.org/laptop")
    }
}

/// The value is a secret.
pub fn stored_password() -> Finding {
    Finding {
        rule: "password-stored".to_owned(),
        severity: Severity::Low,
        place: "accounts[alice@example.org] / password".to_owned(),
        title: "Password stored in the clear".into(),
        message: "The password of alice@example.org stands in the file for everybody who can read it".to_owned(),
        why: "Whoever gets the file, a backup or the disk of a discarded machine has the password.".into(),
        remedy: "Accounts › Manage Accounts › choose the account › Modify › untick “Remember password”.".into(),
        ..text_finding(PURPLE, ACCOUNTS_XML, "hunter2")
    }
}

/// The value stands in the JSON of a database's cell.
pub fn cell() -> Finding {
    let text = r#"{"name": "alice", "hostname": "example.org", "use_custom_host": true, "custom_type": "PLAIN", "savepass": true}"#;
    let start = text.find("\"PLAIN\"").unwrap();
    Finding {
        rule: "encryption-disabled".to_owned(),
        severity: Severity::Critical,
        client: GAJIM,
        path: PathBuf::from(GAJIM_DATABASE),
        position: None,
        place: "account_settings[example.org] / custom_type".to_owned(),
        excerpt: Some(Excerpt { text: text.to_owned(), mark: Span::new(start, start + 7), first_line: None }),
        title: "No encryption at all".into(),
        message: "alice@example.org gives its password to anyone who listens".to_owned(),
        why: "The client connects in the clear and sends the password as it is.".into(),
        remedy: "1. Accounts › choose the account › Connection › Hostname.\n2. Set “Type” to **START TLS**, or switch “Use custom hostname” off.".into(),
        fingerprint: fingerprint(&["encryption-disabled", "gajim"], 0),
        ..written_setting()
    }
}

/// The file as a whole is meant.
pub fn whole_file() -> Finding {
    Finding {
        rule: "readable-by-others".to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        client: PROFANITY,
        subject: "file",
        account: None,
        path: PathBuf::from(PROFANITY_ACCOUNTS),
        position: None,
        place: "accounts".to_owned(),
        excerpt: None,
        title: "Others can read the file".into(),
        message: "Every user of this machine can read the file (mode 0644)".to_owned(),
        why: "Accounts, servers and contacts are nobody’s business.".into(),
        remedy: "Type:\n\n~~~sh\nchmod 600 ~/.local/share/profanity/accounts\n~~~".into(),
        fingerprint: fingerprint(&["readable-by-others", "profanity"], 0),
        ..written_setting()
    }
}

/// A room, on a line of 600 characters.
pub fn long_line() -> Finding {
    let source =
        format!("[one]\nmuc.list={}room@riseup.net;{}\n", "a@b.example;".repeat(30), "c@d.example;".repeat(30));
    Finding {
        rule: "room-on-account-domain".to_owned(),
        severity: Severity::High,
        confidence: Confidence::Low,
        client: PROFANITY,
        subject: "room",
        room: Some("room@riseup.net".to_owned()),
        place: "rooms[room@riseup.net] / address".to_owned(),
        title: "Room address on the domain of accounts".into(),
        message: "room@riseup.net is no room: Riseup’s rooms live at conference.riseup.net".to_owned(),
        why: "Whoever registers the account `room@riseup.net` gets what you write to the room.".into(),
        remedy: "Type `/bookmark remove room@riseup.net`, then `/bookmark add room@conference.riseup.net autojoin on`, and `/save`.".into(),
        fingerprint: fingerprint(&["room-on-account-domain", "profanity"], 0),
        ..text_finding(PROFANITY_ACCOUNTS, &source, "room@riseup.net")
    }
}

/// An empty value at the end of its line.
pub fn empty_value() -> Finding {
    let mut finding = text_finding(PROFANITY_ACCOUNTS, "[one]\ntls.policy=\njid=a@b.example\n", "\njid");
    let text = Text::new(Zeroizing::new(b"[one]\ntls.policy=\njid=a@b.example\n".to_vec()));
    let span = Span::at(17);
    finding.client = PROFANITY;
    finding.severity = Severity::Info;
    finding.rule = "policy-misspelt".to_owned();
    finding.title = "A word that the client does not know".into();
    finding.message = "`tls.policy` is empty; Profanity then insists on encryption".to_owned();
    finding.place = "accounts[one] / TLS policy".to_owned();
    finding.why = "".into();
    finding.remedy = "Type `/account set one tls force`.".into();
    finding.position = Some(text.position(span));
    finding.excerpt = Some(text.excerpt(span));
    finding.fingerprint = fingerprint(&["policy-misspelt"], 0);
    finding
}

/// The value is not the one that a policy expects; the rule itself complains, too.
pub fn expected() -> Finding {
    Finding { expected: Some(expectation(false)), ..written_setting() }
}

/// The value is not the one that a policy expects, and no rule complains.
pub fn only_expected() -> Finding {
    Finding {
        severity: Severity::Medium,
        message: "bob@example.org: policy “ours.toml” expects account.encryption (whether the client insists on TLS) to be required or direct; it is optional".to_owned(),
        expected: Some(expectation(true)),
        ..default_setting()
    }
}

fn expectation(in_message: bool) -> Expected {
    Expected {
        policy: "ours.toml".to_owned(),
        fact: "account.encryption",
        wanted: Wanted::OneOf(vec!["required".to_owned(), "direct".to_owned()]),
        actual: "optional".to_owned(),
        in_message,
    }
}

/// An audit by a policy.
pub fn by_policy() -> Audit {
    Audit {
        findings: vec![expected(), only_expected(), whole_file()],
        policy: Some("ours.toml".to_owned()),
        ..everything()
    }
}

fn exposure(listens: Outcome, strips: Outcome, strips_legacy: Outcome, forges: Outcome) -> Exposure {
    Exposure { listens, strips, strips_legacy, forges }
}

pub fn accounts() -> Vec<AccountSummary> {
    use Outcome::{Asks, Hash, Safe, Sent};
    let account = |client, path: &str, jid: &str, enabled, encryption, exposure| AccountSummary {
        client,
        path: PathBuf::from(path),
        name: jid.to_owned(),
        jid: jid.to_owned(),
        enabled,
        encryption,
        exposure,
    };
    vec![
        account(PIDGIN, PURPLE, "alice@example.org", true, "optional", exposure(Safe, Asks, Hash, Asks)),
        account(PIDGIN, PURPLE, "bob@example.org", false, "optional", exposure(Safe, Asks, Hash, Asks)),
        account(GAJIM, GAJIM_DATABASE, "alice@example.org", true, "never", exposure(Sent, Sent, Safe, Sent)),
        account(
            PROFANITY,
            PROFANITY_ACCOUNTS,
            "carol@riseup.net",
            true,
            "required",
            exposure(Safe, Safe, Safe, Asks),
        ),
    ]
}

fn grades() -> Vec<AccountGrade> {
    let grade = |jid: &str, clients: &[ClientName], worst: Option<(Severity, &str)>| AccountGrade {
        jid: jid.to_owned(),
        owner: PathBuf::from("/home/alice"),
        user: None,
        clients: clients.iter().copied().collect(),
        grade: Grade::of(worst.map(|(severity, _)| severity)),
        worst: worst.map(|(severity, rule)| (severity, rule.to_owned())),
    };
    vec![
        grade("alice@example.org", &[PIDGIN, GAJIM], Some((Severity::Critical, "encryption-disabled"))),
        grade("bob@example.org", &[PIDGIN], Some((Severity::High, "encryption-optional"))),
        grade("carol@riseup.net", &[PROFANITY], None),
    ]
}

pub fn input(client: ClientName, path: &str, kind: &'static str, status: InputStatus) -> Input {
    Input { path: PathBuf::from(path), client, kind: FileKind(kind, Purpose::Settings), status }
}

fn inputs() -> Vec<Input> {
    vec![
        input(PIDGIN, PURPLE, "accounts", InputStatus::Audited),
        input(PIDGIN, "/home/alice/.purple/blist.xml", "contact list", InputStatus::Failed),
        input(PIDGIN, "/home/alice/.purple/prefs.xml", "preferences", InputStatus::Failed),
        input(GAJIM, GAJIM_DATABASE, "settings", InputStatus::Audited),
        input(GAJIM, "/home/alice/.config/gajim/config", "settings", InputStatus::Skipped),
        input(PROFANITY, PROFANITY_ACCOUNTS, "accounts", InputStatus::Audited),
    ]
}

fn notices() -> Vec<Notice> {
    let notice = |path: &str, kind, trouble| Notice { path: PathBuf::from(path), kind, trouble };
    vec![
        notice(
            "/home/alice/.purple/prefs.xml",
            Some(FileKind("preferences", Purpose::Settings)),
            Trouble::PermissionDenied,
        ),
        notice("/home/alice/.config/gajim/config", None, Trouble::Foreign),
    ]
}

/// An audit with everything in it.
pub fn everything() -> Audit {
    Audit {
        inputs: inputs(),
        accounts: accounts(),
        grades: grades(),
        findings: vec![
            cell(),
            written_setting(),
            default_setting(),
            long_line(),
            whole_file(),
            stored_password(),
            empty_value(),
        ],
        notices: notices(),
        profiles: 3,
        rooms: 5,
        searched: vec![PathBuf::from("/home/alice")],
        below_severity: 2,
        worst: None,
        policy: None,
        ..Audit::default()
    }
}

/// A home in which all is well.
pub fn clean() -> Audit {
    let sound = |input: &Input| input.status == InputStatus::Audited;
    Audit {
        inputs: inputs().into_iter().filter(sound).collect(),
        accounts: accounts().split_off(3),
        grades: grades().split_off(2),
        findings: Vec::new(),
        notices: Vec::new(),
        profiles: 2,
        rooms: 1,
        searched: vec![PathBuf::from("/home/alice")],
        below_severity: 0,
        worst: None,
        policy: None,
        ..Audit::default()
    }
}

/// A home without any client.
pub fn nothing() -> Audit {
    Audit { searched: vec![PathBuf::from("/home/alice"), PathBuf::from("/srv/dotfiles")], ..Audit::default() }
}

/// Nothing found in what could be read.
pub fn incomplete() -> Audit {
    Audit { inputs: inputs(), notices: notices(), ..clean() }
}

/// In French, as the French pages say it.
pub fn in_french() -> Audit {
    let mut audit = everything();
    for finding in &mut audit.findings {
        finding.title = "Chiffrement seulement si le serveur le propose".into();
        finding.message = "alice@example.org est à un clic de donner son mot de passe à quiconque, en chemin, cache l’offre de chiffrement du serveur".to_owned();
        finding.why = "Quelqu’un entre vous et le serveur (la personne qui gère le Wi-Fi, un fournisseur d’accès, un État) retire\ndu flux l’offre STARTTLS du serveur. Le client croit avoir affaire à un serveur qui ne sait pas chiffrer, et\ncontinue en clair.".into();
        finding.remedy = "Comptes › Gérer les comptes › choisir le compte › Modifier › onglet « Avancé » › « Sécurité de connexion » :\n**Exiger le chiffrement**.".into();
    }
    audit
}

/// Everything that a terminal, a reader or a line of a report could trip over.
pub const HOSTILE: &str = "a\x1b[2J\x1b]0;owned\x07b\n::error::c\r\td\u{9b}31me\u{202e}f\u{2066}g\u{200b}h\u{2028}i\u{feff}j\u{e0041}k\u{7f}l\0m";

/// Hostile text in every field that comes from a scanned file.
pub fn hostile() -> Audit {
    let mut audit = everything();
    let path = hostile_path();
    for finding in &mut audit.findings {
        finding.account = Some(HOSTILE.to_owned());
        finding.room = Some(HOSTILE.to_owned());
        finding.path.clone_from(&path);
        finding.place = format!("accounts[{HOSTILE}] / {HOSTILE}");
        finding.title = format!("title {HOSTILE}").into();
        finding.message = format!("message {HOSTILE}");
        finding.why = format!("why {HOSTILE}").into();
        finding.remedy =
            format!("remedy `{HOSTILE}` [{HOSTILE}](https://{HOSTILE}/)\n\n~~~\n{HOSTILE}\n~~~").into();
        finding.expected = Some(Expected {
            policy: HOSTILE.to_owned(),
            fact: "account.room_service.host",
            wanted: Wanted::NoneOf(vec![HOSTILE.into()]),
            actual: HOSTILE.to_owned(),
            in_message: false,
        });
        if let Some(excerpt) = &mut finding.excerpt {
            let text = format!("{HOSTILE}<mark>{HOSTILE}");
            let start = text.find("<mark>").unwrap();
            *excerpt = Excerpt { text, mark: Span::new(start, start + 6), ..excerpt.clone() };
        }
    }
    for account in &mut audit.accounts {
        account.path.clone_from(&path);
        account.name = HOSTILE.to_owned();
        account.jid = HOSTILE.to_owned();
    }
    for grade in &mut audit.grades {
        grade.jid = HOSTILE.to_owned();
        grade.owner.clone_from(&path);
    }
    for input in &mut audit.inputs {
        input.path.clone_from(&path);
    }
    for notice in &mut audit.notices {
        notice.path.clone_from(&path);
        notice.trouble = Trouble::System(HOSTILE.to_owned());
    }
    audit.searched = vec![path];
    audit.policy = Some(HOSTILE.to_owned());
    audit
}

#[cfg(unix)]
fn hostile_path() -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let name = [b"/home/\xff\xfe/", HOSTILE.replace('\0', "").as_bytes()].concat();
    PathBuf::from(std::ffi::OsString::from_vec(name))
}

#[cfg(not(unix))]
fn hostile_path() -> PathBuf {
    PathBuf::from(HOSTILE)
}
