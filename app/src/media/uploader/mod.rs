//! Brings the files of this device to the server: by one tab at a time, three files at a time, again and again until
//! they are there or the user no longer wants them.

mod driver;
mod fate;
mod job;
mod parts;
mod queue;
mod send;
mod tabs;

pub(crate) use self::{
    driver::Uploader,
    queue::{Phase, Total, Upload, Why, percent},
    tabs::Command,
};
