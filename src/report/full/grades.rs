//! How well each account is kept, over all clients of its user: a line an account.

use super::super::overview::{client_title, owner};
use super::super::paint::Ink;
use super::super::phrases;
use super::super::wrap::columns;
use super::Style;
use crate::finding::{AccountGrade, Audit, Grade};

/// Columns before the name of an account: the grade stands there.
const INDENT: usize = 5;

/// The grades; below the folder of their user where there are several users. Empty without accounts.
pub fn render(audit: &Audit, style: &Style) -> String {
    let Some(first) = audit.grades.first() else { return String::new() };
    let several = audit.grades.iter().any(|grade| grade.owner != first.owner);
    let widest = audit.grades.iter().map(|grade| columns(&grade.jid)).max().unwrap_or(0);
    let mut shown = style.heading(style.text(phrases::GRADES));
    let mut last = None;
    for grade in &audit.grades {
        if several && last != Some(&grade.owner) {
            shown.push_str(&format!("  {}\n", style.paint.ink(Ink::Link, &owner(grade))));
            last = Some(&grade.owner);
        }
        shown.push_str(&row(grade, widest, style));
    }
    shown + &style.say(Ink::Faint, style.text(phrases::GRADES_LEGEND))
}

fn row(grade: &AccountGrade, widest: usize, style: &Style) -> String {
    let clients: Vec<_> = grade.clients.iter().map(|client| client_title(*client)).collect();
    let clients = clients.join(", ");
    let worst = grade.worst.as_ref().map_or_else(String::new, |(severity, rule)| {
        format!(": {rule} ({})", phrases::severity(*severity).0.text(style.language))
    });
    let letter = style.paint.ink(ink(grade.grade), grade.grade.word());
    let jid = style.paint.ink(Ink::Strong, &grade.jid);
    let width = columns(&grade.jid);
    if INDENT + widest + 2 + columns(&clients) + columns(&worst) <= style.width {
        let gap = " ".repeat(widest - width + 2);
        return format!("  {letter}  {jid}{gap}{clients}{worst}\n");
    }
    format!("  {letter}  {jid}\n     {clients}{worst}\n")
}

const fn ink(grade: Grade) -> Ink {
    match grade {
        Grade::A | Grade::B => Ink::Good,
        Grade::C => Ink::Doubtful,
        Grade::D | Grade::F => Ink::Bad,
    }
}
