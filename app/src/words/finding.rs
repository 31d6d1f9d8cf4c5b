//! What shops sell, how many there are and how far away.

use super::Lang;
use domain::Won;
use domain::category::Category;
use domain::finding::Trade;

pub fn trade(lang: Lang, trade: Trade) -> &'static str {
    let t = &lang.words().finding;
    match trade {
        Trade::Meals => t.meals,
        Trade::Cafes => t.cafes,
        Trade::Groceries => t.groceries,
        Trade::Health => t.health,
        Trade::Beauty => t.beauty,
        Trade::Clothing => t.clothing,
        Trade::Learning => t.learning,
        Trade::Living => t.living,
        Trade::Leisure => t.leisure,
        Trade::Other => t.other,
    }
}

/// The word for a category that shops choose.
pub fn category(lang: Lang, category: Category) -> &'static str {
    match lang {
        Lang::Ko => category.ko(),
        Lang::En => category.en(),
    }
}

/// "12,345"
pub fn count(total: usize) -> String {
    // Groups of three digits are written as those of won.
    i64::try_from(total).ok().and_then(|total| Won::new(total).ok()).map_or_else(|| total.to_string(), |won| won.to_string())
}

/// "350m", "1.2km".
pub fn distance(metres: u32) -> String {
    match metres {
        0..=990 => format!("{}m", metres.div_ceil(10) * 10),
        _ => format!("{}.{}km", metres / 1_000, metres % 1_000 / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_are_as_exact_as_they_are_known() {
        for (metres, said) in [(0, "0m"), (3, "10m"), (350, "350m"), (986, "990m"), (991, "0.9km"), (1_000, "1.0km"), (2_949, "2.9km")] {
            assert_eq!(distance(metres), said);
        }
    }
}
