//! What must hold of everything that is written into Pidgin's files: what is wanted is so afterwards, nothing else is
//! different, and a second time there is nothing to do.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;
use xmpp_audit::clients::Client;
use xmpp_audit::clients::pidgin::Pidgin;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Finding, Severity};
use xmpp_audit::fix::{Content, spliced};
use xmpp_audit::model::{
    Account, Change, CleartextLogin, Edit, Encryption, FileNumber, Language, Place, Profile, Secret, Step, Tor,
    Transport, Unrepairable, Wish,
};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::source::Reader;
use xmpp_audit::{Left, Request, Search};

/// How a file is laid out.
#[derive(Clone, Debug)]
struct Style {
    line_end: &'static str,
    level: &'static str,
    quote: &'static str,
    comment: &'static str,
}

fn styles() -> impl Strategy<Value = Style> {
    (
        select(vec!["\n", "\r\n", ""]),
        select(vec!["\t", "  ", ""]),
        select(vec!["'", "\""]),
        select(vec!["", "", "<!-- x -->", "<?x y?>"]),
    )
        .prop_map(|(line_end, level, quote, comment)| Style { line_end, level, quote, comment })
}

/// An element: its start tag's inside, its text or its children.
#[derive(Clone, Debug)]
struct Node {
    tag: String,
    text: Option<String>,
    children: Vec<Node>,
}

impl Node {
    fn text(tag: &str, text: &str) -> Self {
        Self { tag: tag.to_owned(), text: Some(text.to_owned()), children: Vec::new() }
    }

    fn of(tag: &str, children: Vec<Self>) -> Self {
        Self { tag: tag.to_owned(), text: None, children }
    }

    fn render(&self, style: &Style, depth: usize) -> String {
        let name = self.tag.split(' ').next().unwrap();
        let tag = self.tag.replace('\'', style.quote);
        if let Some(text) = &self.text {
            return if text.is_empty() { format!("<{tag}/>") } else { format!("<{tag}>{text}</{name}>") };
        }
        if self.children.is_empty() {
            return format!("<{tag} />");
        }
        let line = |depth: usize| {
            if style.line_end.is_empty() {
                String::new()
            } else {
                style.line_end.to_owned() + &style.level.repeat(depth)
            }
        };
        let children = self
            .children
            .iter()
            .map(|child| format!("{}{}{}", line(depth + 1), child.render(style, depth + 1), style.comment));
        format!("<{tag}>{}{}</{name}>", children.collect::<String>(), line(depth))
    }
}

fn settings() -> impl Strategy<Value = Node> {
    let setting = prop_oneof![
        (
            select(vec!["connection_security"]),
            select(vec!["string", "string", "string", "bool"]),
            select(vec![
                "require_tls",
                "old_ssl",
                "opportunistic_tls",
                "",
                " require_tls ",
                "op&#112;<!-- -->x",
                "<![CDATA[none]]>"
            ])
        ),
        (
            select(vec!["auth_plain_in_clear", "require_tls", "old_ssl", "use_tls"]),
            select(vec!["bool", "bool", "bool", "int", "boolean"]),
            select(vec!["0", "1", "false", "", "00"])
        ),
        (
            select(vec!["bosh_url", "connect_server"]),
            select(vec!["string", "string", "int"]),
            select(vec!["", "http://a:b@h.test/", "https://h.test/", "h.test", "127.0.0.1"])
        ),
        (select(vec!["port"]), select(vec!["int"]), select(vec!["5222", "5223", "443"])),
    ];
    let plain =
        setting.prop_map(|(name, kind, value)| Node::text(&format!("setting name='{name}' type='{kind}'"), value));
    let ui = select(vec!["settings", "settings", "settings", "settings ui='gtk-gaim'"]);
    (ui, proptest::collection::vec(plain, 0..6)).prop_map(|(tag, children)| Node::of(tag, children))
}

fn proxies() -> impl Strategy<Value = Node> {
    let kinds = vec!["global", "none", "tor", "Tor", " SOCKS5", "socks5", "http", "HTTP", "socks4", "gnome", ""];
    let part = prop_oneof![
        select(kinds).prop_map(|kind| Node::text("type", kind)),
        select(vec!["127.0.0.1", "localhost", "proxy.test", ""]).prop_map(|host| Node::text("host", host)),
        select(vec!["9050", "80", "0", "9150"]).prop_map(|port| Node::text("port", port)),
        select(vec!["a", ""]).prop_map(|name| Node::text("username", name)),
        select(vec!["b", ""]).prop_map(|password| Node::text("password", password)),
    ];
    proptest::collection::vec(part, 0..6).prop_map(|parts| Node::of("proxy", parts))
}

fn accounts() -> impl Strategy<Value = Vec<Node>> {
    let name = select(vec!["a@x.test/", "A@x.test/two", "b@x.test/", "c@h.onion", "d@riseup.net/"]);
    let part = prop_oneof![
        3 => settings(),
        1 => proxies(),
        1 => select(vec!["hunter2", "", "<![CDATA[x]]>"]).prop_map(|password| Node::text("password", password)),
        1 => Just(Node::text("alias", "A")),
        1 => Just(Node::of("current_error", Vec::new())),
    ];
    let account = (name, proptest::collection::vec(part, 0..5)).prop_map(|(name, parts)| {
        let mut children = vec![Node::text("protocol", "prpl-jabber"), Node::text("name", name)];
        children.extend(parts);
        Node::of("account version='1.0'", children)
    });
    proptest::collection::vec(account, 1..4)
}

fn accounts_file() -> impl Strategy<Value = String> {
    (accounts(), styles(), select(vec!["", "\n"])).prop_map(|(accounts, style, end)| {
        let root = Node::of("account version='1.0'", accounts);
        format!("<?xml version='1.0' encoding='UTF-8' ?>\n\n{}{end}", root.render(&style, 0))
    })
}

fn list_file() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        select(vec!["garden", "garden@conference.riseup.net", " garden", "", "a&amp;b"])
            .prop_map(|room| Node::text("component name='room'", room)),
        select(vec![
            "riseup.net",
            "conference.riseup.net",
            "conference.riseup.net/x",
            "x.test",
            "chat.riseup.net",
            ""
        ])
        .prop_map(|server| Node::text("component name='server'", server)),
        select(vec!["hunter2", ""]).prop_map(|password| Node::text("component name='password'", password)),
        select(vec!["0", "1"]).prop_map(|value| Node::text("setting name='enable-logging' type='bool'", value)),
    ];
    let chat = proptest::collection::vec(part, 0..6)
        .prop_map(|parts| Node::of("chat account='a@x.test' proto='prpl-jabber'", parts));
    let contact = select(vec!["0", "1"]).prop_map(|accepts| {
        let buddy = Node::of(
            "buddy account='a@x.test' proto='prpl-jabber'",
            vec![
                Node::text("name", "bob@x.test"),
                Node::text("setting name='enable-logging' type='bool'", accepts),
            ],
        );
        Node::of("contact", vec![buddy, Node::text("setting name='autoaccept' type='int'", accepts)])
    });
    (proptest::collection::vec(prop_oneof![3 => chat, 1 => contact], 0..4), styles()).prop_map(
        |(entries, style)| {
            Node::of("purple version='1.0'", vec![Node::of("blist", vec![Node::of("group name='g'", entries)])])
                .render(&style, 0)
        },
    )
}

fn preferences_file() -> impl Strategy<Value = String> {
    let pref = |path: &'static str, kind: &'static str, values: Vec<&'static str>| {
        select(values).prop_map(move |value| {
            let mut names: Vec<_> = path.split('/').collect();
            let name = names.pop().unwrap();
            let leaf = Node::text(&format!("pref name='{name}' type='{kind}' value='{value}'"), "");
            names
                .into_iter()
                .rev()
                .fold(leaf, |inside, name| Node::of(&format!("pref name='{name}'"), vec![inside]))
        })
    };
    let any = prop_oneof![
        pref("purple/conversations/im/send_typing", "bool", vec!["0", "1", "true"]),
        pref("purple/conversations/im", "", vec![""]),
        pref("purple/away/idle_reporting", "string", vec!["none", "system", "purple", ""]),
        pref("purple/logging/log_ims", "bool", vec!["0", "1"]),
        pref("purple/logging/log_chats", "bool", vec!["0", "1"]),
        pref("purple/logging/log_chats", "int", vec!["1"]),
        pref("purple/network/turn_password", "string", vec!["hunter2", "", "x"]),
        pref("purple/proxy/type", "string", vec!["tor", "socks5", "none", "Tor"]),
        pref("purple/proxy/host", "string", vec!["localhost", "127.0.0.1", "proxy.test"]),
        pref("purple/proxy/port", "int", vec!["9050"]),
        pref("purple/proxy/password", "string", vec!["hunter2", ""]),
        pref("plugins/core/nss_prefs/min_tls", "int", vec!["768", "769", "0", "772"]),
        pref("plugins/core/nss_prefs/max_tls", "int", vec!["770", "0"]),
        pref("plugins/core/core-plugin_pack-autoaccept/stranger", "int", vec!["0", "1"]),
        pref("purple/x", "unknown", vec!["1"]),
        Just(Node::of("pref name='purple'", vec![Node::of("pref name='logging'", Vec::new())])),
        Just(Node::of(
            "pref name='plugins'",
            vec![Node::of(
                "pref name='core'",
                vec![Node::of(
                    "pref name='nss_prefs'",
                    vec![Node::of(
                        "pref name='cipher_list' type='stringlist'",
                        vec![Node::text("item value='0x0005'", ""), Node::text("item value='c02f'", "")]
                    )]
                )]
            )]
        )),
    ];
    let plugins = Node::of(
        "pref name='pidgin'",
        vec![Node::of(
            "pref name='plugins'",
            vec![Node::of(
                "pref name='loaded' type='pathlist'",
                vec![
                    Node::text("item value='/usr/lib/purple-2/nss-prefs.so'", ""),
                    Node::text("item value='/usr/lib/purple-2/autoaccept.so'", ""),
                ],
            )],
        )],
    );
    (proptest::collection::vec(any, 0..8), styles()).prop_map(move |(mut all, style)| {
        all.insert(all.len() / 2, plugins.clone());
        format!("<?xml version='1.0'?>\n{}\n", Node::of("pref version='1' name='/'", all).render(&style, 0))
    })
}

fn write(profile: &Profile, number: usize, change: &Change) -> Result<Vec<Edit>, Unrepairable> {
    let wish = Wish { number, change: change.clone(), place: Place::of_file(FileNumber(0), "") };
    Pidgin.write(profile, &Reader::default(), &wish)
}

fn after(text: &str, edits: &[Edit]) -> String {
    let splices: Vec<_> = edits
        .iter()
        .map(|edit| match &edit.step {
            Step::Text(splice) => splice.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    String::from_utf8(spliced(text.as_bytes(), &splices).expect("edits of one wish share no byte").to_vec())
        .unwrap()
}

/// What an account does, without what follows from other facts.
fn facts(account: &Account) -> [String; 9] {
    [
        account.name.clone(),
        format!("{:?}", account.enabled.value),
        format!("{:?}", account.encryption.value),
        format!("{:?}", account.transport.value),
        format!("{:?}", account.cleartext_login.value == CleartextLogin::Always),
        format!("{:?}", account.server.value),
        format!("{:?}", account.port.value),
        format!("{:?}", (&account.proxy.value.written, &account.proxy.value.host, account.proxy.value.port)),
        format!("{:?}", account.password.value),
    ]
}

/// What is wanted of an account, which of its facts may differ afterwards, and whether it is so.
type Want = (&'static str, &'static str, &'static [usize], fn(&Account) -> bool);

const WANTS: [Want; 6] = [
    ("account.encryption", "required", &[2, 6], |account| account.encryption.value == Encryption::Required),
    ("account.cleartext_login", "never", &[4], |account| account.cleartext_login.value != CleartextLogin::Always),
    ("account.transport", "tcp", &[2, 3, 5, 6], |account| account.transport.value == Transport::Tcp),
    ("account.password", "absent", &[8], |account| {
        matches!(account.password.value, Secret::Absent | Secret::Empty)
    }),
    ("account.proxy.tor", "reached", &[7], |account| account.proxy.value.tor == Tor::Reached),
    ("account.proxy.fault", "sound", &[7], |account| {
        account.proxy.value.fault == xmpp_audit::model::ProxyFault::Sound
    }),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn an_account_becomes_what_is_wanted_and_no_other_does(text in accounts_file()) {
        let profile = pidgin::read(&[(".purple/accounts.xml", text.as_bytes())]);
        for (number, account) in profile.accounts.iter().enumerate() {
            for (fact, value, differing, holds) in WANTS {
                let change = Change::Set { fact, value: value.to_owned() };
                let Ok(edits) = write(&profile, number, &change) else {
                    prop_assert!(matches!(fact, "account.proxy.fault" | "account.transport" | "account.encryption"), "{fact} is refused:\n{text}");
                    continue;
                };
                let new = after(&text, &edits);
                let mended = pidgin::read(&[(".purple/accounts.xml", new.as_bytes())]);
                prop_assert!(mended.files[0].damage.is_none(), "{fact}:\n{text}\n{new}");
                prop_assert_eq!(mended.accounts.len(), profile.accounts.len(), "{}:\n{}", fact, new);
                for (other, (old, now)) in profile.accounts.iter().zip(&mended.accounts).enumerate() {
                    for (index, (old, now)) in facts(old).iter().zip(facts(now)).enumerate() {
                        let may_differ = other == number && differing.contains(&index);
                        prop_assert!(may_differ || *old == now, "{}: {}, not {}:\n{}\n{}", fact, now, old, text, new);
                    }
                }
                prop_assert!(holds(&mended.accounts[number]), "{fact} of {}:\n{text}\n{new}", account.name);
                prop_assert_eq!(write(&mended, number, &change), Ok(Vec::new()), "{} twice:\n{}", fact, new);
            }
        }
    }
}

/// How often each rule is true. A room with another address is another one to a fingerprint.
fn told(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut told = BTreeMap::new();
    for finding in findings {
        *told.entry(finding.rule.as_str()).or_default() += 1;
    }
    told
}

/// Rules that are silent where another is true: what is told of a room only once its address is one.
const UNMASKED: [(&str, &[&str]); 1] =
    [("room-address-malformed", &["room-on-account-domain", "room-domain-outdated", "history-in-clear"])];

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::embedded(Language::English).unwrap());

/// A home with these files in Pidgin's folder.
fn home(texts: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".purple");
    fs::create_dir(&folder).unwrap();
    for (name, text) in texts {
        fs::write(folder.join(name), text).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    home
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Everything that a rule finds and can put right, put right: all of it is gone, and nothing has come.
    #[test]
    fn a_home_is_put_right(accounts in accounts_file(), list in list_file(), preferences in preferences_file()) {
        let rules = &*RULES;
        let request = Request { repairs: true, min_severity: Severity::Info, ..Request::default() };
        let texts = [("accounts.xml", accounts.as_str()), ("blist.xml", &list), ("prefs.xml", &preferences)];
        let home = home(&texts);
        let search = Search::new(&[Target::Home(Home::at(home.path()))], &request);
        let found = search.audit(rules, &request).unwrap().findings;
        let found: BTreeSet<_> =
            found.into_iter().filter(|finding| finding.repair.is_some()).map(|finding| finding.rule).collect();
        // All at once, and each alone.
        for only in std::iter::once(None).chain(found.iter().map(Some)) {
            let wanted = |finding: &Finding| {
                finding.repair.is_some() && only.is_none_or(|only| *only == finding.rule)
            };
            let mended = search.mend(rules, &request, &wanted).unwrap();
            let shown = || {
                let new: String = mended.changes.iter().map(|change| match &change.content {
                    Content::Text { new, .. } => String::from_utf8_lossy(new).into_owned(),
                    _ => String::new(),
                }).collect();
                format!("{only:?}: {accounts}\n{list}\n{preferences}\nbecame\n{new}")
            };
            for (finding, left) in &mended.left {
                let is_fair = matches!(left, Left::Unrepairable(Unrepairable::Choice));
                prop_assert!(is_fair, "{} at {}: {left:?}\n{}", finding.rule, finding.place, shown());
            }
            let before = told(&mended.before.findings);
            let is_unmasked = |rule: &str| {
                UNMASKED.iter().any(|(by, rules)| only.is_some_and(|only| only == by) && rules.contains(&rule))
            };
            let after = told(&mended.after.findings);
            let new: Vec<_> = after.iter().filter(|(rule, count)| before.get(*rule).is_none_or(|old| old < *count) && !is_unmasked(rule)).collect();
            prop_assert!(new.is_empty(), "{new:?} is new:\n{}", shown());
            let left: BTreeSet<_> = mended.left.iter().map(|(finding, _)| finding.fingerprint.clone()).collect();
            for finding in mended.after.findings.iter().filter(|finding| wanted(finding)) {
                prop_assert!(left.contains(&finding.fingerprint), "{} at {}\n{}", finding.rule, finding.place, shown());
            }
        }
    }
}
