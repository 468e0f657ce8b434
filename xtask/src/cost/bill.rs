//! A month's bill: quantities at their prices, by service, for people.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::Result;

use super::{
    month::Month,
    prices::{Meter, Prices},
};

/// One thing that is charged.
#[derive(Debug)]
pub(crate) struct Line {
    service: String,
    unit: String,
    price: String,
    quantity: f64,
    usd: f64,
}

#[derive(Debug)]
pub(crate) struct Bill {
    lines: Vec<Line>,
}

impl Bill {
    pub(crate) fn of(month: &Month, prices: &Prices, free_tier: bool) -> Result<Self> {
        let line = |(meter, quantity): (&Meter, &f64)| {
            let price = prices.of(*meter)?;
            Ok(Line {
                service: price.service.clone(),
                unit: price.unit.clone(),
                price: format!("[{price}]({})", price.source),
                quantity: *quantity,
                usd: price.charge(*quantity, free_tier),
            })
        };
        let lines = month.quantities.iter().map(line).collect::<Result<_>>()?;
        Ok(Self { lines })
    }

    /// Dollars, unrounded.
    pub(crate) fn total(&self) -> f64 {
        self.lines.iter().map(|line| line.usd).sum()
    }

    fn by_service(&self) -> BTreeMap<&str, f64> {
        let mut services = BTreeMap::new();
        for line in &self.lines {
            *services.entry(line.service.as_str()).or_default() += line.usd;
        }
        services
    }

    /// Every line with its quantity and its price, as a table.
    pub(crate) fn details(&self) -> String {
        let mut text = "| service | what | quantity | price | a month |\n|---|---|--:|--:|--:|\n".to_owned();
        for Line { service, unit, price, quantity, usd } in &self.lines {
            let (quantity, usd) = (grouped(*quantity), dollars(*usd));
            // Writing to text does not fail.
            let _ = writeln!(text, "| {service} | {unit} | {quantity} | {price} | {usd} |");
        }
        text
    }
}

/// Bills beside each other, service by service, as a table.
pub(crate) fn compared(bills: &[(&str, Bill)]) -> String {
    let mut services: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (at, (_, bill)) in bills.iter().enumerate() {
        for (service, usd) in bill.by_service() {
            let row = services.entry(service).or_insert_with(|| vec![0.0; bills.len()]);
            if let Some(cell) = row.get_mut(at) {
                *cell = usd;
            }
        }
    }
    let row = |name: &str, cells: Vec<String>| format!("| {name} | {} |\n", cells.join(" | "));
    let mut text = row("USD a month", bills.iter().map(|(name, _)| (*name).to_owned()).collect());
    text += &format!("|---|{}\n", "--:|".repeat(bills.len()));
    for (service, cells) in services {
        text += &row(service, cells.into_iter().map(dollars).collect());
    }
    text + &row(
        "**together**",
        bills.iter().map(|(_, bill)| format!("**{}**", dollars(bill.total()))).collect(),
    )
}

/// To the cent; what is less than one is there all the same.
pub(crate) fn dollars(usd: f64) -> String {
    if usd == 0.0 {
        return "–".to_owned();
    }
    let text = format!("{usd:.2}");
    if text == "0.00" { "< 0.01".to_owned() } else { with_commas(&text) }
}

/// A quantity with two decimals where they say something.
pub(crate) fn grouped(quantity: f64) -> String {
    let decimals = if quantity != 0.0 && quantity < 1_000.0 && quantity.fract() != 0.0 { 2 } else { 0 };
    with_commas(&format!("{quantity:.decimals$}"))
}

fn with_commas(number: &str) -> String {
    let (whole, part) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_rounded_to_cents_and_nothing_is_hidden() {
        let shown = [0.0, 0.004, 0.005, 1.999, 1_234.5, 1_234_567.891].map(dollars);
        assert_eq!(shown, ["–", "< 0.01", "0.01", "2.00", "1,234.50", "1,234,567.89"]);
    }

    #[test]
    fn quantities_are_grouped() {
        let shown = [0.0, 12.0, 0.25, 1_000.4, 24_000_000.0].map(grouped);
        assert_eq!(shown, ["0", "12", "0.25", "1,000", "24,000,000"]);
    }

    #[test]
    fn the_sum_is_of_what_was_not_rounded() {
        let prices = Prices::read().unwrap();
        // 1.4 cents each, shown as one each.
        let quantities = BTreeMap::from([(Meter::Alarm, 0.14), (Meter::Zone, 0.028)]);
        let bill = Bill::of(&Month { quantities, tasks: 0.0 }, &prices, false).unwrap();
        assert_eq!(dollars(bill.total()), "0.03");
        let table = compared(&[("one", bill)]);
        assert!(
            table.contains("| CloudWatch | 0.01 |\n| Route 53 | 0.01 |\n| **together** | **0.03** |"),
            "{table}"
        );
    }
}
