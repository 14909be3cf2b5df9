//! What comes from outside and is no client’s: configurations, policies, baselines, rule pages, providers, and the
//! package databases of a mounted disk.

use std::sync::OnceLock;

use xmpp_audit::baseline::Baseline;
use xmpp_audit::configuration::{self, Settings};
use xmpp_audit::finding::{Confidence, Severity};
use xmpp_audit::installed::Installed;
use xmpp_audit::model::Language;
use xmpp_audit::policy::Policy;
use xmpp_audit::rules::RuleSet;

use crate::disk::Folder;

const NAMES: [(&str, &str); 6] = [
    ("configuration", "xmpp-audit.toml"),
    ("extended", "extended.toml"),
    ("policy", "policy.toml"),
    ("baseline", "baseline.json"),
    ("providers", "providers.toml"),
    ("rule", "rules/a-rule.md"),
];

const DATABASES: [(&str, &str); 3] = [
    ("dpkg", "var/lib/dpkg/status"),
    ("rpm", "var/lib/rpm/rpmdb.sqlite"),
    ("flatpak", "var/lib/flatpak/app/im.dino.Dino/current/active/files/share/metainfo/im.dino.Dino.metainfo.xml"),
];

thread_local! {
    static SETTINGS: Folder = Folder::new(&NAMES);
    static INSTALLED: Folder = Folder::new(&DATABASES);
}

/// The rules that are part of the program.
///
/// # Panics
/// If they are not sound.
pub fn rules(language: Language) -> &'static RuleSet {
    static RULES: OnceLock<[RuleSet; 2]> = OnceLock::new();
    let [english, french] = RULES.get_or_init(|| {
        [Language::English, Language::French].map(|language| RuleSet::embedded(language).expect("rules"))
    });
    match language {
        Language::English => english,
        Language::French => french,
    }
}

/// Whatever a bundle holds of what people write for this program.
pub fn settings(input: &[u8]) {
    SETTINGS.with(|folder| folder.with(input, |_| Vec::new(), || look(folder)));
}

fn look(folder: &Folder) {
    let rules = rules(Language::English);
    let path = folder.at("xmpp-audit.toml");
    if path.exists() {
        let layer = configuration::load(&path, &folder.at(""));
        let mut own = layer.map(Settings::of).unwrap_or_else(|_| Settings::of(Default::default()));
        let _ = own.check_names(rules);
        let usual = |rule: &str| rules.page(rule).map(|page| (page.severity, page.confidence));
        let mut strictest = Settings::of(Default::default());
        strictest.tighten(&path, &usual);
        own.tighten(&path, &usual);
        assert_eq!(strictest.accepted.len(), 0, "somebody else accepts findings");
        for (rule, severity) in strictest.severities() {
            assert!(usual(&rule).is_some_and(|(usual, _)| severity >= usual), "somebody else makes a rule milder");
        }
        assert!(strictest.min_severity.value <= Severity::Low && strictest.fail_on.value <= Severity::Low);
        assert!(strictest.min_confidence.value <= Confidence::Low);
    }
    if folder.at("policy.toml").exists() {
        let _ = Policy::load(&folder.at("policy.toml").to_string_lossy(), rules);
    }
    let path = folder.at("baseline.json");
    if path.exists()
        && let Ok(baseline) = Baseline::load(&path)
    {
        // What was read is written, and is the same when it is read again.
        let json = baseline.to_json().expect("a baseline as JSON");
        std::fs::write(&path, &json).expect("a file");
        let again = Baseline::load(&path).expect("what was written is sound");
        assert_eq!(again.to_json().expect("a baseline as JSON"), json);
    }
    let mut own = RuleSet::empty();
    if folder.at("providers.toml").exists() {
        let _ = own.add_providers(&folder.at("providers.toml"));
    }
    if folder.at("rules/a-rule.md").exists() && own.add_folder(&folder.at("rules")).is_ok() {
        own.check().expect("what was checked when it was added is sound");
    }
}

/// The package databases of a mounted disk.
pub fn installed(input: &[u8]) {
    INSTALLED.with(|folder| {
        folder.with(
            input,
            |_| Vec::new(),
            || {
                let _ = Installed::below(&folder.at(""), &[]);
            },
        );
    });
}
