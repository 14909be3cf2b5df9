//! The words that only the page for browsers needs.

use super::{
    ACCOUNT_COLUMN, ACCOUNTS, ENCRYPTION_COLUMN, FILES, FINDINGS, GRADES, GRADES_LEGEND, HIDDEN, LOOKED_AT,
    NOT_SEEN, PASSED_OVER, POLICY, Phrase, SUMMARY, phrase,
};
use crate::finding::Severity;

pub(in super::super) const POSITION: Phrase =
    phrase("line {line}, column {column}", "ligne {line}, colonne {column}");
pub(in super::super) const NEW: Phrase = phrase("new", "nouveau");
pub(in super::super) const UNCHANGED: Phrase = phrase("known to the baseline", "connu de la référence");
pub(in super::super) const BY_CONFIGURATION: Phrase =
    phrase("accepted by the configuration", "accepté par la configuration");
pub(in super::super) const BY_BASELINE: Phrase = phrase("accepted by the baseline", "accepté par la référence");
pub(in super::super) const CLEAN_BUT_INCOMPLETE: Phrase = phrase(
    "Nothing found in what could be read, but not everything could.",
    "Rien trouvé dans ce qui a pu être lu, mais tout n’a pas pu l’être.",
);

/// What the templates write between the values, by the names that they use.
pub(in super::super) const WORDS: &[(&str, Phrase)] = &[
    ("title", phrase("XMPP client audit", "Audit des clients XMPP")),
    ("skip", phrase("Skip to the findings", "Aller aux problèmes")),
    ("contents", phrase("On this page", "Sur cette page")),
    ("summary", SUMMARY),
    ("begin_here", phrase("Begin here", "Commencez ici")),
    ("looked_at_short", LOOKED_AT),
    ("files", FILES),
    ("policy", POLICY),
    ("hidden", HIDDEN),
    (
        "incomplete",
        phrase(
            "Not everything could be read; what is missing stands below.",
            "Tout n’a pas pu être lu ; ce qui manque figure plus bas.",
        ),
    ),
    ("accounts", phrase("Accounts", "Comptes")),
    ("grades_about", GRADES),
    ("grades_legend", GRADES_LEGEND),
    ("grade", phrase("Grade", "Note")),
    ("worst", phrase("Worst finding", "Le plus sérieux")),
    ("no_finding", phrase("Nothing found", "Rien trouvé")),
    ("no_address", phrase("(no address)", "(sans adresse)")),
    ("stands_in", phrase("Stands in", "Figure dans")),
    ("passwords", phrase("Passwords", "Mots de passe")),
    ("passwords_about", ACCOUNTS),
    ("account", ACCOUNT_COLUMN),
    ("encryption", ENCRYPTION_COLUMN),
    ("off", phrase("off", "inactif")),
    ("legend", phrase("What the words mean", "Ce que veulent dire les mots")),
    ("findings", FINDINGS),
    ("no_findings", phrase("No findings.", "Aucun problème.")),
    ("filter", phrase("Filter the findings", "Filtrer les problèmes")),
    ("filters", phrase("Filters", "Filtres")),
    ("text", phrase("Text", "Texte")),
    ("severity", phrase("Severity", "Gravité")),
    ("client", phrase("Client", "Client")),
    ("rule", phrase("Rule", "Règle")),
    ("all_accounts", phrase("All accounts", "Tous les comptes")),
    ("all_rules", phrase("All rules", "Toutes les règles")),
    ("clear", phrase("Clear filters", "Effacer les filtres")),
    ("fold", phrase("Fold explanations", "Replier les explications")),
    ("unfold", phrase("Unfold explanations", "Déplier les explications")),
    ("shown", phrase("Findings shown: {shown} of {total}", "Problèmes affichés : {shown} sur {total}")),
    ("none_shown", phrase("No finding matches the filters.", "Aucun problème ne correspond aux filtres.")),
    ("what_happens", phrase("What happens", "Ce qui se passe")),
    ("about_rule", phrase("All about this rule", "Tout sur cette règle")),
    ("expected", phrase("Expected", "Attendu")),
    ("actual", phrase("Actual", "Constaté")),
    ("fact", phrase("Setting", "Réglage")),
    ("commit", phrase("Brought by commit", "Introduit par le commit")),
    ("accepted", phrase("Accepted", "Acceptés")),
    (
        "accepted_about",
        phrase(
            "Found all the same, but somebody has accepted it and said why.",
            "Trouvés malgré tout, mais quelqu’un les a acceptés et a dit pourquoi.",
        ),
    ),
    ("reason", phrase("Reason", "Motif")),
    ("until", phrase("Until", "Jusqu’au")),
    ("stated_in", phrase("Stated in", "Indiqué dans")),
    ("gone", phrase("No longer found", "Disparus")),
    (
        "gone_about",
        phrase(
            "The baseline knows these findings, but they were not found again.",
            "La référence connaît ces problèmes, mais ils n’ont pas été retrouvés.",
        ),
    ),
    ("not_seen", NOT_SEEN),
    ("not_seen_about", INCOMPLETE_ABOUT),
    ("passed_over", PASSED_OVER),
    ("looked_at", phrase("What was looked at", "Ce qui a été examiné")),
    ("rules", phrase("Rules", "Règles")),
    ("rules_found", phrase("Rules that found something", "Règles qui ont trouvé quelque chose")),
    ("rules_quiet", phrase("Rules that found nothing", "Règles qui n’ont rien trouvé")),
    ("at_worst", phrase("At worst:", "Au pire :")),
    ("made_by", phrase("Made by", "Établi par")),
    (
        "footer",
        phrase(
            "This page loads nothing, sends nothing and works without a network. Passwords and other secrets are masked in it.",
            "Cette page ne charge rien, n’envoie rien et fonctionne sans réseau. Les mots de passe et autres secrets y sont masqués.",
        ),
    ),
];

const INCOMPLETE_ABOUT: Phrase = phrase(
    "The audit is incomplete: something is missing from this report.",
    "L’audit est incomplet : il manque quelque chose à ce rapport.",
);

/// What the worst finding comes to; see [`Severity`].
pub(in super::super) const fn headline(worst: Severity) -> Phrase {
    match worst {
        Severity::Critical => phrase(
            "A secret is given away without its owner noticing. Begin with what is critical.",
            "Un secret est livré sans que son propriétaire s’en aperçoive. Commencez par ce qui est critique.",
        ),
        Severity::High => phrase(
            "One attacker, one click or one wrong belief is enough. Begin with what is high.",
            "Il suffit d’un attaquant, d’un clic ou d’une fausse certitude. Commencez par ce qui est grave.",
        ),
        Severity::Medium => phrase(
            "A protection is off; one more thing would have to go wrong.",
            "Une protection manque ; il faudrait encore un autre incident.",
        ),
        Severity::Low => {
            phrase("Nothing urgent: some hygiene is left to do.", "Rien d’urgent : un peu d’hygiène reste à faire.")
        }
        Severity::Info => phrase(
            "Nothing to mend; some things are worth knowing.",
            "Rien à corriger ; quelques points à connaître.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::model::Language;

    #[test]
    fn every_word_has_one_name_and_is_translated() {
        assert_eq!(WORDS.iter().map(|(name, _)| name).collect::<HashSet<_>>().len(), WORDS.len());
        for (name, phrase) in WORDS {
            let same = phrase.text(Language::English) == phrase.text(Language::French);
            assert_eq!(same, *name == "client", "{name}");
        }
    }
}
