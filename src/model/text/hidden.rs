//! The secrets in a text: which of them stand near a place is found without a look at all of them.

use std::sync::OnceLock;

use crate::model::Span;

/// The places of secrets, which may overlap.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden {
    spans: Vec<Span>,
    in_order: OnceLock<InOrder>,
}

/// The same by where they begin, and how far those up to each reach.
#[derive(Clone, Debug)]
struct InOrder {
    spans: Vec<Span>,
    reach: Vec<usize>,
}

impl Hidden {
    pub(super) fn add(&mut self, span: Span) {
        self.spans.push(span);
        self.in_order.take();
    }

    pub(super) const fn count(&self) -> usize {
        self.spans.len()
    }

    /// Those among which all are that have a byte in common with a range, in their order.
    pub(super) fn near(&self, range: Span) -> &[Span] {
        let InOrder { spans, reach } = self.in_order.get_or_init(|| InOrder::of(&self.spans));
        let first = reach.partition_point(|reach| *reach <= range.start);
        let last = spans.partition_point(|span| span.start < range.end);
        spans.get(first..last).unwrap_or_default()
    }
}

impl InOrder {
    fn of(spans: &[Span]) -> Self {
        let mut spans = spans.to_vec();
        spans.sort_unstable();
        let mut furthest = 0;
        let reach = spans.iter().map(|span| {
            furthest = furthest.max(span.end);
            furthest
        });
        let reach = reach.collect();
        Self { spans, reach }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_all_that_overlap() {
        let mut hidden = Hidden::default();
        let spans = [(40, 50), (0, 100), (10, 20), (12, 14), (95, 120), (200, 210)];
        for (number, (start, end)) in spans.into_iter().enumerate() {
            hidden.add(Span::new(start, end));
            assert_eq!(hidden.count(), number + 1);
            for at in 0..220 {
                let range = Span::new(at, at + 3);
                let wanted = |near: &[Span]| {
                    let mut near: Vec<Span> = near.iter().copied().filter(|span| span.overlaps(range)).collect();
                    near.sort_unstable();
                    near
                };
                assert_eq!(wanted(hidden.near(range)), wanted(&hidden.spans), "{at}");
            }
        }
        assert_eq!(hidden.near(Span::new(150, 160)), []);
    }
}
