//! Small cells (domain §6): who may not see persons sees no count of 1 to 4 people.
//!
//! A count of nobody says nothing about anybody and is shown. Where exactly one part of a sum is
//! hidden it could be found by subtraction, so the next smallest is hidden as well; this goes on
//! until no sum has exactly one unknown.

/// Counts from 1 to this are hidden.
const HIDDEN_MAX: i64 = 4;

/// A sum: the cells that stand in it, parts and, where it is shown, the total.
pub(crate) type Sum = Vec<usize>;

/// Which cells are hidden. `open` says of a cell that it may be shown however small it is.
pub(crate) fn hidden(cells: &[i64], open: impl Fn(usize) -> bool, sums: &[Sum]) -> Vec<bool> {
    let small = |(index, count): (usize, &i64)| !open(index) && (1..=HIDDEN_MAX).contains(count);
    let mut hidden: Vec<bool> = cells.iter().enumerate().map(small).collect();
    while let Some(next) = sums.iter().find_map(|sum| one_more(cells, &hidden, sum)) {
        hidden[next] = true;
    }
    hidden
}

/// The next smallest cell of a sum with exactly one unknown.
fn one_more(cells: &[i64], hidden: &[bool], sum: &Sum) -> Option<usize> {
    if sum.iter().filter(|cell| hidden[**cell]).count() != 1 {
        return None;
    }
    let shown = sum.iter().copied().filter(|cell| !hidden[*cell] && cells[*cell] > 0);
    shown.min_by_key(|cell| (cells[*cell], *cell))
}

/// Shows a count unless it is hidden.
pub(crate) fn shown(count: i64, hidden: bool) -> Option<i64> {
    (!hidden).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protected(cells: &[i64], sums: &[Sum]) -> Vec<Option<i64>> {
        let hidden = hidden(cells, |_| false, sums);
        cells.iter().zip(hidden).map(|(count, hidden)| shown(*count, hidden)).collect()
    }

    #[test]
    fn a_cell_under_five_is_hidden_and_the_next_smallest_with_it() {
        let parts = [3, 0, 9, 20];
        assert_eq!(protected(&parts, &[vec![0, 1, 2, 3]]), [None, Some(0), None, Some(20)]);
    }

    #[test]
    fn two_hidden_cells_protect_each_other() {
        assert_eq!(protected(&[3, 2, 20], &[vec![0, 1, 2]]), [None, None, Some(20)]);
    }

    #[test]
    fn a_total_that_could_give_a_cell_away_is_hidden_too() {
        assert_eq!(protected(&[4, 0, 4], &[vec![0, 1, 2]]), [None, Some(0), None]);
        assert_eq!(protected(&[9, 3, 12], &[vec![0, 1, 2]]), [None, None, Some(12)]);
    }

    #[test]
    fn hiding_goes_on_through_rows_and_columns() {
        let table = [2, 10, 30, 40];
        let (rows, columns) = ([vec![0, 1], vec![2, 3]], [vec![0, 2], vec![1, 3]]);
        assert_eq!(protected(&table, &[rows, columns].concat()), [None; 4]);
    }
}
