//! Configurations that are not the caller's own: they can make things stricter, and nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use super::file::load_alone;
use super::layer::{Chosen, Layer};
use super::settings::Settings;
use crate::finding::{Confidence, Severity};
use crate::model::{Notice, Remark, Trouble};

/// How bad and how sure a rule is, as long as no configuration says otherwise; none if there is no such rule.
pub type Usual<'a> = &'a dyn Fn(&str) -> Option<(Severity, Confidence)>;

/// What came of a configuration: the keys that make things stricter, and those without effect.
#[derive(Default)]
struct Outcome {
    stricter: Vec<String>,
    without_effect: Vec<String>,
}

impl Settings {
    /// Takes over what a configuration makes stricter, and says what became of it; nothing if it says nothing.
    ///
    /// What is stricter holds for the whole audit. Nothing that the configuration names is loaded.
    pub fn tighten(&mut self, path: &Path, usual: Usual<'_>) -> Option<Notice> {
        let remark = match load_alone(path) {
            Ok((layer, extends)) => {
                let Outcome { stricter, mut without_effect } = self.take_stricter(&layer, usual);
                if extends {
                    without_effect.push("extend".to_owned());
                }
                if stricter.is_empty() && without_effect.is_empty() {
                    return None;
                }
                Remark::Limited { stricter, without_effect }
            }
            Err(error) => Remark::Broken(match error.line {
                Some(line) => format!("line {line}: {}", error.message),
                None => error.message,
            }),
        };
        Some(Notice { path: path.to_owned(), kind: None, trouble: Trouble::Remark(remark) })
    }

    fn take_stricter(&mut self, layer: &Layer, usual: Usual<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        let loosened = [
            ("policy", layer.policy.is_some()),
            ("baseline", layer.baseline.is_some()),
            ("rules", layer.rules.is_some()),
            ("provider-files", layer.provider_files.is_some()),
            ("select", layer.select.is_some()),
            ("ignore", layer.ignore.is_some() || !layer.accepted.is_empty()),
            ("client", layer.clients.is_some()),
            ("exclude", layer.exclude.is_some()),
        ];
        let loosened = loosened.into_iter().filter(|(_, is_said)| *is_said);
        outcome.without_effect.extend(loosened.map(|(key, _)| key.to_owned()));
        outcome.bound("min-severity", &mut self.min_severity, layer.min_severity.as_ref());
        outcome.bound("min-confidence", &mut self.min_confidence, layer.min_confidence.as_ref());
        outcome.bound("fail-on", &mut self.fail_on, layer.fail_on.as_ref());
        let severity = |rule: &str| usual(rule).map(|(severity, _)| severity);
        outcome.table("severity", &mut self.severity, &layer.severity, &severity);
        let confidence = |rule: &str| usual(rule).map(|(_, confidence)| confidence);
        outcome.table("confidence", &mut self.confidence, &layer.confidence, &confidence);
        outcome
    }
}

impl Outcome {
    fn note(&mut self, key: String, is_stricter: bool) {
        if is_stricter { self.stricter.push(key) } else { self.without_effect.push(key) }
    }

    /// A bound from which on something counts: the lower, the stricter.
    fn bound<T: Copy + Ord>(&mut self, key: &str, current: &mut Chosen<T>, said: Option<&Chosen<T>>) {
        let Some(said) = said.filter(|said| said.value != current.value) else { return };
        self.note(key.to_owned(), said.value < current.value);
        if said.value < current.value {
            *current = said.clone();
        }
    }

    /// What rules are: the higher, the stricter.
    fn table<T: Copy + Ord>(
        &mut self,
        key: &str,
        current: &mut BTreeMap<String, Chosen<T>>,
        said: &BTreeMap<String, Chosen<T>>,
        usual: &dyn Fn(&str) -> Option<T>,
    ) {
        for (rule, said) in said {
            let before = current.get(rule).map(|chosen| chosen.value).or_else(|| usual(rule));
            if before == Some(said.value) {
                continue;
            }
            let is_stricter = before.is_some_and(|before| said.value > before);
            self.note(format!("{key}.{rule}"), is_stricter);
            if is_stricter {
                current.insert(rule.clone(), said.clone());
            }
        }
    }
}
