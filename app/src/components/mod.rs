//! The parts that screens are made of.

#![expect(unreachable_pub, reason = "the component macro writes `pub` where the source says `pub(crate)`")]

pub(crate) mod add_field;
pub(crate) mod check;
pub(crate) mod chosen;
pub(crate) mod detail;
pub(crate) mod dialog;
pub(crate) mod draft;
pub(crate) mod due;
pub(crate) mod empty;
pub(crate) mod icon;
pub(crate) mod keys;
pub(crate) mod later;
pub(crate) mod leaving;
pub(crate) mod list_dialog;
pub(crate) mod menu;
pub(crate) mod notes;
pub(crate) mod palette;
pub(crate) mod pull;
pub(crate) mod quick_add;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod section;
pub(crate) mod shape;
pub(crate) mod sidebar;
pub(crate) mod skeleton;
pub(crate) mod sortable;
pub(crate) mod sorter;
pub(crate) mod status;
pub(crate) mod subtasks;
pub(crate) mod swipe;
pub(crate) mod toasts;
pub(crate) mod updates;
