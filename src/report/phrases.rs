//! Every word of the reports themselves, in every language: one table.
//!
//! What rules and notices say comes with the findings; JSON keys and the words of enumerations are the same in
//! every language and stand where they are written.

pub(super) mod html;

use crate::finding::{Confidence, InputStatus, Severity};
use crate::model::{Language, Outcome};

/// A text in every language. `{name}` in it is a gap to be filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    english: &'static str,
    french: &'static str,
}

/// A counted thing in every language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    one: Phrase,
    many: Phrase,
}

/// A phrase. Does not compile if one language has a gap that the other lacks.
const fn phrase(english: &'static str, french: &'static str) -> Phrase {
    assert!(gaps(english) == gaps(french), "the languages must have the same gaps");
    Phrase { english, french }
}

const fn counted(english: [&'static str; 2], french: [&'static str; 2]) -> Counted {
    let ([one, many], [un, plusieurs]) = (english, french);
    Counted { one: phrase(one, un), many: phrase(many, plusieurs) }
}

const fn gaps(text: &str) -> usize {
    let mut bytes = text.as_bytes();
    let mut gaps = 0;
    while let [first, rest @ ..] = bytes {
        gaps += (*first == b'{') as usize;
        bytes = rest;
    }
    gaps
}

pub(super) const ABOUT_FULL: Phrase = phrase(
    "for people: every finding with its line, the reason and the remedy, then a summary",
    "pour les humains : chaque problème avec sa ligne, la raison et le remède, puis un résumé",
);
pub(super) const ABOUT_CONCISE: Phrase =
    phrase("one line a finding, to be searched", "une ligne par problème, pour grep");
pub(super) const ABOUT_JSON: Phrase = phrase("one JSON object, for programs", "un objet JSON, pour les programmes");
pub(super) const ABOUT_SARIF: Phrase = phrase(
    "SARIF 2.1.0, for code scanning on GitHub and viewers",
    "SARIF 2.1.0, pour GitHub (code scanning) et les visionneuses",
);
pub(super) const ABOUT_GITHUB: Phrase =
    phrase("annotations of a workflow on GitHub", "annotations d’un workflow sur GitHub");
pub(super) const ABOUT_GITLAB: Phrase = phrase(
    "a Code Quality report, for merge requests on GitLab",
    "un rapport Code Quality, pour les merge requests sur GitLab",
);
pub(super) const ABOUT_RDJSON: Phrase = phrase(
    "reviewdog’s diagnostics, for comments on changes",
    "les diagnostics de reviewdog, pour commenter les modifications",
);
pub(super) const ABOUT_HTML: Phrase = phrase(
    "one page for a browser, with filters, to be read without a network, mailed or printed",
    "une page pour navigateur, avec filtres, à lire sans réseau, à envoyer ou à imprimer",
);
pub(super) const ABOUT_NDJSON: Phrase = phrase(
    "one JSON object a line, the summary last, for programs that read as they go",
    "un objet JSON par ligne, le résumé en dernier, pour les programmes qui lisent au fil de l’eau",
);
pub(super) const ABOUT_CSV: Phrase =
    phrase("a table for spreadsheets, safe from formulas", "un tableau pour les tableurs, sans danger de formules");
pub(super) const ABOUT_JUNIT: Phrase = phrase(
    "a test report for GitLab, Jenkins and other CI: every rule a test",
    "un rapport de tests pour GitLab, Jenkins et autres CI : chaque règle est un test",
);
pub(super) const ABOUT_CHECKSTYLE: Phrase = phrase(
    "Checkstyle’s XML, for Jenkins, reviewdog and editors",
    "le XML de Checkstyle, pour Jenkins, reviewdog et les éditeurs",
);

pub(super) const ABOUT_MARKDOWN: Phrase = phrase(
    "for comments on pull requests, wikis and summaries of jobs",
    "pour les commentaires de pull requests, les wikis et les résumés de jobs",
);

pub(super) const ABOUT_NARRATED: Phrase = phrase(
    "sentences in the order in which they matter, for screen readers",
    "des phrases dans l’ordre de leur importance, pour les lecteurs d’écran",
);

// What is read out.
pub(super) const FINDING_NUMBER: Phrase = phrase(
    "Finding {number} of {count}, {severity}, rule {rule}: {title}",
    "Problème {number} sur {count}, {severity}, règle {rule} : {title}",
);
pub(super) const IN_FILE: Phrase = phrase("In the file {path}.", "Dans le fichier {path}.");
pub(super) const IN_FILE_AT: Phrase = phrase(
    "In the file {path}, line {line}, column {column}.",
    "Dans le fichier {path}, ligne {line}, colonne {column}.",
);
pub(super) const SETTING: Phrase = phrase("Setting", "Réglage");
pub(super) const WRITTEN_THERE: Phrase = phrase("Written there", "Écrit à cet endroit");
pub(super) const EXPECTED_NARRATED: Phrase = phrase(
    "Policy {policy} expects {wanted}; it is {actual}",
    "La politique {policy} attend {wanted} ; c’est {actual}",
);
pub(super) const NEW_NARRATED: Phrase =
    phrase("It is new: the baseline does not know it.", "Il est nouveau : la référence ne le connaît pas.");

pub(super) const SAID_BEFORE: Phrase =
    phrase("{what}: the same as under finding {number}.", "{what} : comme pour le problème {number}.");
pub(super) const PASSWORDS: Phrase =
    phrase("What becomes of each password on its way", "Ce que devient chaque mot de passe en chemin");

// The columns of tables, and what stands in them.
pub(super) const SEVERITY_COLUMN: Phrase = phrase("Severity", "Gravité");
pub(super) const RULE_COLUMN: Phrase = phrase("Rule", "Règle");
pub(super) const PLACE_COLUMN: Phrase = phrase("Place", "Endroit");
pub(super) const PROBLEM_COLUMN: Phrase = phrase("Problem", "Problème");
pub(super) const CLIENTS_COLUMN: Phrase = phrase("Clients", "Clients");
pub(super) const GRADE_COLUMN: Phrase = phrase("Grade", "Note");
pub(super) const WORST_COLUMN: Phrase = phrase("Worst", "Le plus sérieux");
pub(super) const FILE_COLUMN: Phrase = phrase("File", "Fichier");
pub(super) const REASON_COLUMN: Phrase = phrase("Reason", "Raison");
pub(super) const UNTIL_COLUMN: Phrase = phrase("Until", "Jusqu’au");
pub(super) const NEW: Phrase = phrase("new", "nouveau");
pub(super) const ACCEPTED: Counted = counted(
    ["{count} accepted finding", "{count} accepted findings"],
    ["{count} problème accepté", "{count} problèmes acceptés"],
);
pub(super) const GONE: Phrase = phrase(
    "In the baseline, but not found again: `xmpp-audit baseline prune` takes them out",
    "Dans l’état de référence, mais plus trouvés : `xmpp-audit baseline prune` les en retire",
);
pub(super) const IN_COMMIT: Phrase = phrase("commit {commit}", "commit {commit}");

// A test report.
pub(super) const NO_FILE: Phrase =
    phrase("No file of {clients} was looked at.", "Aucun fichier de {clients} n’a été examiné.");

// A finding.
pub(super) const NOT_WRITTEN: Phrase = phrase(
    "not written here; {client} then uses `{word}`",
    "rien n’est écrit ici ; {client} utilise alors `{word}`",
);
pub(super) const WHY: Phrase = phrase("Why", "Pourquoi");
pub(super) const REMEDY: Phrase = phrase("How to put it right", "Comment y remédier");
pub(super) const REMEDY_IN: Phrase = phrase("How to put it right in {client}", "Comment y remédier dans {client}");
pub(super) const SEE_ABOVE: Phrase = phrase("{what}: see {rule} above", "{what} : voir {rule} plus haut");
pub(super) const AND: Phrase = phrase(", and ", ", et ");
const HINT: Phrase = phrase("This is a hint, not a certainty.", "C’est un indice, pas une certitude.");
const LIKELY: Phrase = phrase("This is likely, not certain.", "C’est probable, pas certain.");

/// What a policy expects, what is there, and which policy that is.
pub(super) const EXPECTED: Phrase = phrase(
    "Expected {wanted} · Actual {actual} · Policy {policy}",
    "Attendu : {wanted} · Constaté : {actual} · Politique : {policy}",
);
pub(super) const EXPECTED_SHORT: Phrase =
    phrase("({policy}: expected {wanted}, actual {actual})", "({policy} : attendu {wanted}, constaté {actual})");

// What could not be looked at, and what was.
pub(super) const NOT_SEEN: Phrase = phrase("Could not be looked at", "Impossible à examiner");
pub(super) const PASSED_OVER: Phrase = phrase("Passed over", "Laissé de côté");
pub(super) const AND_MORE: Phrase =
    phrase("... and {count} more; -v shows them all", "... et {count} de plus ; -v les montre tous");
pub(super) const AND_MORE_PATHS: Phrase = phrase("... and {count} more", "... et {count} de plus");
pub(super) const INPUT_SKIPPED: Phrase =
    phrase("It was passed over on purpose.", "Il a été laissé de côté volontairement.");
pub(super) const INPUT_FAILED: Phrase = phrase(
    "It could be read only in part; a finding says what is wrong with it.",
    "Il n’a pu être lu qu’en partie ; un des problèmes signalés dit pourquoi.",
);
pub(super) const FILES: Phrase = phrase("Files", "Fichiers");

// What other tools are told.
pub(super) const REMEDY_BY_HAND: Phrase =
    phrase("How to put it right in {client}, by hand:", "Comment y remédier dans {client}, à la main :");
pub(super) const NOT_AUDITED: Phrase = phrase(
    "A file could not be looked at, or not in full.",
    "Un fichier n’a pas pu être examiné, ou pas en entier.",
);
pub(super) const NOT_AUDITED_TITLE: Phrase = phrase("Could not be looked at", "Impossible à examiner");
pub(super) const NOTHING_AUDITED: Phrase = phrase("There was nothing to audit.", "Il n’y avait rien à auditer.");
pub(super) const GONE_HERE: Phrase = phrase(
    "The baseline knows a problem here that is gone: {rule}, {place}.",
    "L’état de référence connaît ici un problème qui n’existe plus : {rule}, {place}.",
);
pub(super) const SOURCE_ROOT: Phrase = phrase(
    "The top of the git work tree, or the folder that was searched.",
    "Le sommet de l’arbre de travail git, ou le dossier où l’on a cherché.",
);
pub(super) const NOT_SHOWN: Counted = counted(
    [
        "{count} more is not shown here: GitHub takes ten errors, ten warnings and ten notices of a step. The summary of the job has all.",
        "{count} more are not shown here: GitHub takes ten errors, ten warnings and ten notices of a step. The summary of the job has all.",
    ],
    [
        "{count} de plus n’est pas montré ici : GitHub prend dix erreurs, dix avertissements et dix notes par étape. Le résumé du job les contient tous.",
        "{count} de plus ne sont pas montrés ici : GitHub prend dix erreurs, dix avertissements et dix notes par étape. Le résumé du job les contient tous.",
    ],
);

// The accounts.
pub(super) const ACCOUNTS: Phrase = phrase(
    "What becomes of each password if somebody on the way ...",
    "Ce que devient chaque mot de passe si quelqu’un, en chemin ...",
);
pub(super) const GRADES: Phrase =
    phrase("How each account is kept, over all clients", "Comment chaque compte est tenu, tous clients confondus");
pub(super) const GRADES_LEGEND: Phrase = phrase(
    "The worst finding decides: A none, B low, C medium, D high, F critical.",
    "Le problème le plus sérieux décide : A aucun, B mineur, C moyen, D grave, F critique.",
);
pub(super) const ACCOUNT_COLUMN: Phrase = phrase("Account", "Compte");
pub(super) const ENCRYPTION_COLUMN: Phrase = phrase("Encryption", "Chiffrement");
/// The four attackers, in the order of [`crate::model::Exposure`], and what each of them does.
pub(super) const ATTACKERS: [(Phrase, Phrase); 4] = [
    (phrase("listens", "écoute"), phrase("he reads what goes over the wire", "il lit ce qui passe sur le réseau")),
    (
        phrase("hides TLS", "cache TLS"),
        phrase("he removes the server’s offer of encryption", "il retire l’offre de chiffrement du serveur"),
    ),
    (
        phrase("old login", "vieux login"),
        phrase(
            "the same, and he offers nothing but the login of before 2004 (XEP-0078)",
            "de même, et il ne propose que la connexion d’avant 2004 (XEP-0078)",
        ),
    ),
    (phrase("forges", "falsifie"), phrase("he shows a certificate of his own", "il présente un certificat à lui")),
];
pub(super) const PAIR: Phrase = phrase("{attacker}: ", "{attacker} : ");
pub(super) const OFF: Phrase = phrase("{account} (off)", "{account} (inactif)");
pub(super) const ENCRYPTION_IS: Phrase = phrase("encryption: {word}", "chiffrement : {word}");
const ENCRYPTION_WORDS: [(&str, Phrase); 5] = [
    ("required", phrase("required", "exigé")),
    ("direct", phrase("direct TLS", "TLS direct")),
    ("optional", phrase("if offered", "si proposé")),
    ("never", phrase("never", "jamais")),
    ("invalid", phrase("invalid", "invalide")),
];
/// What the words for outcomes mean, worst first.
pub(super) const OUTCOMES: [(Outcome, Phrase); 4] = [
    (
        Outcome::Sent,
        phrase(
            "the client sends the password, and nobody notices",
            "le client envoie le mot de passe, et personne ne s’en aperçoit",
        ),
    ),
    (
        Outcome::Hash,
        phrase(
            "he gets a value from which he can guess it at leisure",
            "il obtient une valeur qui permet de le deviner à loisir",
        ),
    ),
    (
        Outcome::Asks,
        phrase(
            "the client asks first; the wrong button gives it away",
            "le client demande d’abord ; le mauvais bouton le livre",
        ),
    ),
    (Outcome::Safe, phrase("he gets nothing", "il n’obtient rien")),
];

// The summary.
pub(super) const SUMMARY: Phrase = phrase("Summary", "Résumé");
pub(super) const LOOKED_IN: Phrase = phrase("Looked in", "Cherché dans");
pub(super) const LOOKED_AT: Phrase = phrase("Looked at", "Examiné");
pub(super) const POLICY: Phrase = phrase("Policy", "Politique");
pub(super) const HISTORY: Phrase = phrase("History", "Historique");
pub(super) const FINDINGS: Phrase = phrase("Findings", "Problèmes");
pub(super) const HIDDEN: Phrase = phrase("Hidden", "Masqués");
pub(super) const MILDER: Counted = counted(
    ["{count} milder than --min-severity asks for", "{count} milder than --min-severity asks for"],
    ["{count} moins grave que demandé par --min-severity", "{count} moins graves que demandé par --min-severity"],
);
pub(super) const HIDDEN_SHORT: Counted =
    counted(["{count} hidden", "{count} hidden"], ["{count} masqué", "{count} masqués"]);
pub(super) const LESS_SURE: Counted = counted(
    ["{count} less sure than --min-confidence asks for", "{count} less sure than --min-confidence asks for"],
    ["{count} moins sûr que demandé par --min-confidence", "{count} moins sûrs que demandé par --min-confidence"],
);
pub(super) const USER: Phrase = phrase("User", "Utilisateur");
pub(super) const PRUNED: Phrase = phrase("Not entered", "Non visités");
pub(super) const PRUNED_FOLDERS: Counted = counted(
    [
        "{count} folder of caches and packages (--all enters it)",
        "{count} folders of caches and packages (--all enters them)",
    ],
    [
        "{count} dossier de caches ou de paquets (--all le visite)",
        "{count} dossiers de caches ou de paquets (--all les visite)",
    ],
);
pub(super) const PRUNED_SHORT: Counted = counted(
    ["{count} folder not entered", "{count} folders not entered"],
    ["{count} dossier non visité", "{count} dossiers non visités"],
);
pub(super) const EXCLUDED: Phrase = phrase("Excluded", "Exclus");
pub(super) const EXCLUDED_SHORT: Counted = counted(
    ["{count} file excluded", "{count} files excluded"],
    ["{count} fichier exclu", "{count} fichiers exclus"],
);

// What somebody has accepted.
pub(super) const ACCEPTED_FINDINGS: Phrase = phrase("Accepted", "Acceptés");
pub(super) const BY_IGNORE: Counted = counted(
    ["{count} accepted by the configuration", "{count} accepted by the configuration"],
    ["{count} accepté par la configuration", "{count} acceptés par la configuration"],
);
pub(super) const BY_BASELINE: Counted = counted(
    ["{count} accepted by the baseline", "{count} accepted by the baseline"],
    ["{count} accepté par l’état de référence", "{count} acceptés par l’état de référence"],
);
pub(super) const GONE_FINDINGS: Phrase = phrase("Gone", "Disparus");
pub(super) const GONE_COUNT: Counted = counted(
    [
        "{count} of the baseline is gone: `baseline prune` takes it out",
        "{count} of the baseline are gone: `baseline prune` takes them out",
    ],
    [
        "{count} de l’état de référence a disparu : `baseline prune` le retire",
        "{count} de l’état de référence ont disparu : `baseline prune` les retire",
    ],
);
pub(super) const UNTIL: Phrase = phrase("until {day}", "jusqu’au {day}");
pub(super) const CONFIGURATION: Phrase = phrase("About the configuration", "À propos de la configuration");
pub(super) const CLEAN_BUT_ACCEPTED: Phrase = phrase(
    "Nothing found beyond what has been accepted; -v lists that.",
    "Rien trouvé au-delà de ce qui a été accepté ; -v le montre.",
);
pub(super) const NONE: Phrase = phrase("none", "aucun");
pub(super) const CLEAN: Phrase =
    phrase("Nothing found that betrays its owner.", "Rien trouvé qui trahisse son propriétaire.");
pub(super) const CLEAN_IN: Phrase = phrase(
    "Nothing found that betrays its owner. These files were looked at:",
    "Rien trouvé qui trahisse son propriétaire. Ces fichiers ont été examinés :",
);
pub(super) const CLEAN_BUT_HIDDEN: Phrase = phrase(
    "Nothing found at or above the severity that was asked for.",
    "Rien trouvé qui atteigne la gravité demandée.",
);
pub(super) const CLEAN_BUT_INCOMPLETE: Phrase = phrase(
    "Nothing found in what could be read, but not everything could: see above.",
    "Rien trouvé dans ce qui a pu être lu, mais tout n’a pas pu l’être : voir plus haut.",
);
pub(super) const INCOMPLETE: Phrase = phrase(
    "The audit is incomplete, not everything could be read: see above.",
    "L’audit est incomplet, tout n’a pas pu être lu : voir plus haut.",
);
pub(super) const CLEAN_BUT_SEE_BELOW: Phrase = phrase(
    "Nothing found in what could be read, but not everything could: see below.",
    "Rien trouvé dans ce qui a pu être lu, mais tout n’a pas pu l’être : voir plus bas.",
);
pub(super) const INCOMPLETE_SEE_BELOW: Phrase = phrase(
    "The audit is incomplete, not everything could be read: see below.",
    "L’audit est incomplet, tout n’a pas pu être lu : voir plus bas.",
);
pub(super) const NOTHING_FOUND: Phrase = phrase(
    "Nothing was audited: no file of {clients} was found.",
    "Rien n’a été audité : aucun fichier de {clients} n’a été trouvé.",
);
pub(super) const NOTHING_READ: Phrase = phrase(
    "Nothing was audited: no file of {clients} could be read.",
    "Rien n’a été audité : aucun fichier de {clients} n’a pu être lu.",
);
pub(super) const HOW_TO_LOOK: Phrase = phrase(
    "To look elsewhere, type `xmpp-audit check PATH` for a file or all that lies below a folder, or `xmpp-audit check --home DIR` for somebody’s home. `xmpp-audit clients` shows which files are read, and where they lie.",
    "Pour chercher ailleurs, tapez `xmpp-audit check CHEMIN` pour un fichier ou tout ce que contient un dossier, ou `xmpp-audit check --home DOSSIER` pour le dossier personnel de quelqu’un. `xmpp-audit clients` montre quels fichiers sont lus, et où ils se trouvent.",
);
pub(super) const EXPLAIN: Phrase = phrase(
    "`xmpp-audit explain {rule}` tells everything about a rule.",
    "`xmpp-audit explain {rule}` dit tout sur une règle.",
);
pub(super) const OR: Phrase = phrase("or", "ou");
pub(super) const IN: Phrase = phrase("{findings} in {things}; {files}", "{findings} dans {things} ; {files}");

pub(super) const PROFILE: Counted =
    counted(["{count} profile", "{count} profiles"], ["{count} profil", "{count} profils"]);
pub(super) const ACCOUNT: Counted =
    counted(["{count} account", "{count} accounts"], ["{count} compte", "{count} comptes"]);
pub(super) const COMMIT: Counted =
    counted(["{count} commit", "{count} commits"], ["{count} commit", "{count} commits"]);
pub(super) const VERSION_OF_FILE: Counted = counted(
    ["{count} version of a file", "{count} versions of files"],
    ["{count} version d’un fichier", "{count} versions de fichiers"],
);
pub(super) const ROOM: Counted = counted(["{count} room", "{count} rooms"], ["{count} salon", "{count} salons"]);
pub(super) const FILE: Counted =
    counted(["{count} file", "{count} files"], ["{count} fichier", "{count} fichiers"]);
pub(super) const FINDING: Counted =
    counted(["{count} finding", "{count} findings"], ["{count} problème", "{count} problèmes"]);

impl Phrase {
    /// The text in that language, gaps and all.
    pub(super) const fn text(self, language: Language) -> &'static str {
        language.choose(self.english, self.french)
    }

    /// The text with its gaps filled, in the order in which they stand in every language.
    pub(super) fn with<const GAPS: usize>(self, language: Language, fillings: [&str; GAPS]) -> String {
        let mut fillings = fillings.into_iter();
        let mut filled = String::new();
        for part in self.text(language).split_inclusive(['{', '}']) {
            if let Some(before) = part.strip_suffix('{') {
                filled.push_str(before);
            } else if part.ends_with('}') {
                filled.push_str(fillings.next().unwrap_or_default());
            } else {
                filled.push_str(part);
            }
        }
        filled
    }
}

impl Counted {
    /// So many of them. None are many in English and one in French.
    pub(super) fn count(self, language: Language, count: usize) -> String {
        let singular = count == 1 || (count == 0 && language == Language::French);
        let phrase = if singular { self.one } else { self.many };
        phrase.with(language, [&count.to_string()])
    }
}

/// The word for a severity, and so many of it.
pub(super) const fn severity(severity: Severity) -> (Phrase, Counted) {
    match severity {
        Severity::Info => (phrase("info", "info"), counted(["{count} info"; 2], ["{count} info", "{count} infos"])),
        Severity::Low => {
            (phrase("low", "mineur"), counted(["{count} low"; 2], ["{count} mineur", "{count} mineurs"]))
        }
        Severity::Medium => {
            (phrase("medium", "moyen"), counted(["{count} medium"; 2], ["{count} moyen", "{count} moyens"]))
        }
        Severity::High => {
            (phrase("high", "grave"), counted(["{count} high"; 2], ["{count} grave", "{count} graves"]))
        }
        Severity::Critical => (
            phrase("critical", "critique"),
            counted(["{count} critical"; 2], ["{count} critique", "{count} critiques"]),
        ),
    }
}

/// What to add to a finding whose rule is not sure.
pub(super) const fn doubt(confidence: Confidence) -> Option<Phrase> {
    match confidence {
        Confidence::Low => Some(HINT),
        Confidence::Medium => Some(LIKELY),
        Confidence::High => None,
    }
}

/// The word for what became of a file, and so many of such files.
pub(super) const fn status(status: InputStatus) -> (Phrase, Counted) {
    match status {
        InputStatus::Audited => {
            (phrase("audited", "examiné"), counted(["{count} audited"; 2], ["{count} examiné", "{count} examinés"]))
        }
        InputStatus::Skipped => (
            phrase("skipped", "laissé de côté"),
            counted(["{count} skipped"; 2], ["{count} laissé de côté", "{count} laissés de côté"]),
        ),
        InputStatus::Failed => {
            (phrase("failed", "en échec"), counted(["{count} failed"; 2], ["{count} en échec"; 2]))
        }
    }
}

/// The word for what becomes of a password.
pub(super) const fn outcome(outcome: Outcome) -> Phrase {
    match outcome {
        Outcome::Safe => phrase("safe", "à l’abri"),
        Outcome::Asks => phrase("one click", "un clic"),
        Outcome::Hash => phrase("guessable", "devinable"),
        Outcome::Sent => phrase("SENT", "ENVOYÉ"),
    }
}

/// The phrase for an encryption's word; the word itself where there is none.
pub(super) fn encryption(word: &'static str, language: Language) -> &'static str {
    ENCRYPTION_WORDS.iter().find(|(known, _)| *known == word).map_or(word, |(_, phrase)| phrase.text(language))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Encryption;

    #[test]
    fn fills_gaps_once() {
        assert_eq!(
            NOT_WRITTEN.with(Language::English, ["{word}", "force"]),
            "not written here; {word} then uses `force`"
        );
        assert_eq!(WHY.with(Language::French, ["x"]), "Pourquoi");
    }

    #[test]
    fn counts_as_the_language_does() {
        assert_eq!(ACCOUNT.count(Language::English, 0), "0 accounts");
        assert_eq!(ACCOUNT.count(Language::French, 0), "0 compte");
        assert_eq!(ACCOUNT.count(Language::English, 1), "1 account");
        assert_eq!(ROOM.count(Language::French, 2), "2 salons");
    }

    #[test]
    fn every_encryption_has_a_phrase() {
        for word in Encryption::WORDS {
            assert!(ENCRYPTION_WORDS.iter().any(|(known, _)| known == word), "{word}");
        }
    }
}
