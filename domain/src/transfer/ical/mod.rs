//! iCalendar (RFC 5545): every VTODO is a todo, every calendar a list.
//!
//! The property grammar is the `icalendar` crate's. Components are put together here, line by line, because
//! that crate takes a file as a whole or not at all, while a damaged task should cost only itself.

mod lines;
mod task;
mod write;

use std::collections::HashMap;

pub use write::export_ical;

use super::{
    Draft, ParsedList, Place, Problem, ReadError, What, detect,
    draft::{self, Item},
    todoist,
};
use crate::{colour::Colour, time::Timestamp};
use lines::{Line, Property};
use task::Task;

/// Components inside one another; the format has no use for more than three.
const DEPTH: usize = 20;

/// Reads every calendar in the file as a list.
pub(super) fn read(bytes: &[u8], file_name: &str, place: &Place<'_>) -> Result<Draft, ReadError> {
    let mut reader = Reader {
        place,
        default_title: todoist::list_title(file_name),
        open: Vec::new(),
        calendar: Calendar::default(),
        draft: Draft::default(),
        count: 0,
    };
    for line in lines::logical(bytes) {
        reader.line(&line)?;
    }
    reader.cut_off(|_| false)?;
    // Tasks without a calendar around them.
    reader.end_calendar();
    Ok(reader.draft)
}

/// A component whose END has not come yet.
struct Component {
    name: String,
    line: usize,
    properties: Vec<Property>,
}

/// A calendar as far as it was read.
#[derive(Default)]
struct Calendar {
    title: Option<String>,
    /// Its exact title in Stack's own export, where the plain one could not hold it.
    exact_title: Option<String>,
    colour: Option<Colour>,
    archived: bool,
    created_at: Option<Timestamp>,
    /// Written by Stack, so that it is a list even without todos.
    own: bool,
    tasks: Vec<Task>,
}

struct Reader<'a> {
    place: &'a Place<'a>,
    default_title: String,
    open: Vec<Component>,
    calendar: Calendar,
    draft: Draft,
    count: usize,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line) -> Result<(), ReadError> {
        if line.text.trim().is_empty() {
            return Ok(());
        }
        detect::sane(&self.draft.problems)?;
        let inside = self.open.last().map(|component| component.name.as_str());
        if line.foreign && !matches!(inside, Some("STANDARD" | "DAYLIGHT")) {
            self.tell(line.number, What::NotUtf8, &line.text);
        }
        let Some(property) = Property::read(line) else {
            self.tell(line.number, What::Unreadable, &line.text);
            return Ok(());
        };
        match property.name.as_str() {
            "BEGIN" => self.begin(line, property.value.trim().to_ascii_uppercase())?,
            "END" => {
                let name = property.value.trim().to_ascii_uppercase();
                if self.open.iter().all(|component| component.name != name) {
                    self.tell(line.number, What::Unreadable, &line.text);
                    return Ok(());
                }
                self.cut_off(|inner| inner.name == name)?;
                self.close()?;
            }
            _ => match self.open.last_mut() {
                Some(component) if component.name == "VCALENDAR" => self.calendar_property(&property),
                Some(component) => component.properties.push(property),
                None => self.tell(line.number, What::Unreadable, &line.text),
            },
        }
        Ok(())
    }

    fn begin(&mut self, line: &Line, name: String) -> Result<(), ReadError> {
        // What can't be inside another component shows that that one has lost its end.
        if name == "VCALENDAR" {
            self.cut_off(|_| false)?;
        } else if name.starts_with('V') && name != "VALARM" {
            self.cut_off(|around| around.name == "VCALENDAR")?;
        }
        if self.open.len() == DEPTH {
            self.tell(line.number, What::Unreadable, &line.text);
        } else {
            self.open.push(Component { name, line: line.number, properties: Vec::new() });
        }
        Ok(())
    }

    /// Closes the components that have lost their end, up to one that has not.
    fn cut_off(&mut self, whole: impl Fn(&Component) -> bool) -> Result<(), ReadError> {
        while let Some(component) = self.open.last().filter(|component| !whole(component)) {
            let (line, text) = (component.line, component.name.clone());
            self.tell(line, What::CutOff, &text);
            self.close()?;
        }
        Ok(())
    }

    /// Takes the innermost component for complete.
    fn close(&mut self) -> Result<(), ReadError> {
        let Some(component) = self.open.pop() else { return Ok(()) };
        let line = component.line;
        match component.name.as_str() {
            "VCALENDAR" => self.end_calendar(),
            "VTODO" => {
                detect::count(&mut self.count)?;
                self.calendar.tasks.push(task::read(component, self.place, &mut self.draft.problems));
            }
            // A reminder belongs to the task around it.
            "VALARM" => {
                if let Some(task) = self.open.last_mut().filter(|around| around.name == "VTODO") {
                    task.properties
                        .extend(component.properties.into_iter().filter_map(Property::into_reminder));
                }
            }
            // What a time zone's name means; days don't need it.
            "VTIMEZONE" | "STANDARD" | "DAYLIGHT" => {}
            name => {
                let summary = component.properties.iter().find(|property| property.name == "SUMMARY");
                let text = format!("{name} {}", summary.map_or("", |summary| summary.value.as_str()));
                self.tell(line, What::NotATodo, text.trim());
            }
        }
        Ok(())
    }

    fn calendar_property(&mut self, property: &Property) {
        let calendar = &mut self.calendar;
        let value = property.value.trim();
        match property.name.as_str() {
            "X-WR-CALNAME" => calendar.title = Some(property.value.clone()),
            "NAME" => calendar.title = calendar.title.take().or_else(|| Some(property.value.clone())),
            "X-STACK-CALNAME" => calendar.exact_title = serde_json::from_str(value).ok(),
            "COLOR" => calendar.colour = value.to_ascii_lowercase().parse().ok().or(calendar.colour),
            "X-APPLE-CALENDAR-COLOR" => calendar.colour = calendar.colour.or_else(|| nearest(value)),
            "X-STACK-ARCHIVED" => calendar.archived = value == "TRUE",
            "X-STACK-CREATED" => calendar.created_at = value.parse().ok().map(Timestamp),
            "PRODID" => calendar.own = value == write::PRODID,
            "VERSION" | "CALSCALE" | "METHOD" | "X-WR-TIMEZONE" => {}
            name => {
                let text = format!("{name}: {value}");
                self.tell(property.line, What::Setting, &text);
            }
        }
    }

    fn end_calendar(&mut self) {
        let calendar = std::mem::take(&mut self.calendar);
        if calendar.tasks.is_empty() && !calendar.own {
            return;
        }
        let plain = calendar.title.map(|title| one_line(&title)).filter(|title| !title.is_empty());
        let exact =
            calendar.exact_title.filter(|exact| plain.as_ref().is_none_or(|plain| one_line(exact) == *plain));
        let todos = todos(calendar.tasks, &mut self.draft.problems);
        self.draft.lists.push(ParsedList {
            title: exact.or(plain).unwrap_or_else(|| self.default_title.clone()),
            colour: calendar.colour.unwrap_or_default(),
            archived: calendar.archived,
            created_at: calendar.created_at,
            todos,
        });
    }

    fn tell(&mut self, line: usize, what: What, text: &str) {
        self.draft.problems.push(Problem { line, what, text: text.to_owned() });
    }
}

/// The tasks of one calendar with their parents found, in the order that the program showed them in.
fn todos(mut tasks: Vec<Task>, problems: &mut Vec<Problem>) -> Vec<super::ParsedTodo> {
    if tasks.iter().any(|task| task.order.is_some()) {
        tasks.sort_by_key(|task| task.order.or(task.created_order()).unwrap_or(i64::MAX));
    }
    let mut by_uid = HashMap::new();
    for (index, task) in tasks.iter().enumerate() {
        by_uid.entry(task.uid.clone()).or_insert(index);
    }
    by_uid.remove("");
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(tasks.len());
    for task in &tasks {
        let parent = task.parent.as_ref().and_then(|uid| by_uid.get(uid).copied());
        if task.parent.is_some() && parent.is_none() {
            let text = task.item.todo.title.clone();
            problems.push(Problem { line: task.item.todo.line, what: What::NoParent, text });
        }
        parents.push(parent);
    }
    // Some programs say it from the parent's side.
    for (index, task) in tasks.iter().enumerate() {
        for child in task.children.iter().filter_map(|uid| by_uid.get(uid)) {
            if let Some(parent) = parents.get_mut(*child).filter(|parent| parent.is_none()) {
                *parent = Some(index);
            }
        }
    }
    let items = tasks.into_iter().zip(parents).map(|(task, parent)| Item { parent, ..task.item });
    draft::tree(items.collect(), problems)
}

fn one_line(text: &str) -> String {
    draft::clean(text).0.replace('\n', " ").trim().to_owned()
}

/// The colour nearest to `#RRGGBB` or `#RRGGBBAA`.
fn nearest(hex: &str) -> Option<Colour> {
    const SHADES: [(Colour, u32); 9] = [
        (Colour::Grey, 0x8E_8E_93),
        (Colour::Red, 0xFF_3B_30),
        (Colour::Orange, 0xFF_95_00),
        (Colour::Yellow, 0xFF_CC_00),
        (Colour::Green, 0x34_C7_59),
        (Colour::Teal, 0x30_B0_C7),
        (Colour::Blue, 0x00_7A_FF),
        (Colour::Purple, 0xAF_52_DE),
        (Colour::Pink, 0xFF_2D_55),
    ];
    let wanted = u32::from_str_radix(hex.strip_prefix('#')?.get(..6)?, 16).ok()?;
    let part = |colour: u32, shift: u32| i64::from(colour >> shift & 0xFF);
    let distance = |shade: u32| {
        [16, 8, 0].map(|shift| (part(shade, shift) - part(wanted, shift)).pow(2)).iter().sum::<i64>()
    };
    SHADES.iter().min_by_key(|(_, shade)| distance(*shade)).map(|(colour, _)| *colour)
}
