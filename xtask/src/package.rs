//! `cargo xtask package`: the functions' programs as AWS takes them, a zip each, and none larger than it may be.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    command::{self, cargo, program},
    debian, paths,
    progress::step,
    python, test,
};

/// The functions, and how many bytes the zip of each may have: a new process waits until they are there. The maker serves
/// nobody's query; it has the codecs of pictures in it.
const FUNCTIONS: [(&str, u64); 8] = [
    ("account", 8 * MB),
    ("authorizer", 8 * MB),
    ("cleaner", 8 * MB),
    ("gateway", 14 * MB),
    ("maker", 9 * MB),
    ("media", 8 * MB),
    ("socket", 8 * MB),
    ("todo", 8 * MB),
];
const MB: u64 = 1_000_000;
const PROFILE: &str = "function";
/// The C library of `provided.al2023`: a program that wants a later one does not start there.
const GLIBC: u32 = 34;
/// How much deflate tries.
const SMALLEST: i64 = 9;
const QUICKEST: i64 = 1;
/// What compiles and links for another machine, from Python's package index.
const TOOLS: [&str; 2] = ["cargo-zigbuild==0.24.0", "ziglang==0.17.1"];

/// Which gateway is in the gateway's function.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Gateway {
    /// The product's own
    Own,
    /// Apollo Router, under the Elastic License 2.0: it takes half an hour of a processor to build
    Apollo,
}

/// The name of Apollo Router's function, and the bytes that its zip may have: the own gateway's are too few for it.
const APOLLO: (&str, u64) = ("gateway-apollo", 25 * MB);

impl Gateway {
    /// As the deployment calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Apollo => "apollo",
        }
    }
}

/// What functions run on.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Arch {
    /// Graviton: a fifth cheaper
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86_64,
}

impl Arch {
    /// As the deployment calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    const fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }

    /// What this machine is, where functions run on such a one.
    pub(crate) fn here() -> Option<Self> {
        match (env::consts::OS, env::consts::ARCH) {
            ("linux", "aarch64") => Some(Self::Arm64),
            ("linux", "x86_64") => Some(Self::X86_64),
            _ => None,
        }
    }

    /// Where programs for it are, in a target folder.
    fn folder(self) -> PathBuf {
        if self.is_host() { PROFILE.into() } else { Path::new(self.target()).join(PROFILE) }
    }

    fn is_host(self) -> bool {
        Self::here() == Some(self)
    }
}

#[derive(Args)]
pub(crate) struct Options {
    /// What the functions run on; the deployment must say the same, with `-c arch=…`
    #[arg(long, value_enum, default_value = "arm64")]
    arch: Arch,
    /// Package this gateway too; which one is deployed is said in `infra/config.ts`, or with `-c gateway=…`
    #[arg(long, value_enum, default_value = "own")]
    gateway: Gateway,
    /// Package only these functions; say it again for more than one
    #[arg(long, value_name = "NAME", value_parser = FUNCTIONS.map(|(name, _)| name))]
    only: Vec<String>,
}

/// The folder of the programs, if all are built for this machine.
pub(crate) fn built_here() -> Option<PathBuf> {
    let folder = paths::target().join(PROFILE);
    FUNCTIONS.iter().all(|(name, _)| folder.join(name).is_file()).then_some(folder)
}

/// The bytes of each zip that is there.
pub(crate) fn zips() -> Vec<(&'static str, u64)> {
    let bytes =
        |name: &str| fs::metadata(zipped(&paths::target().join("lambda"), name)).ok().map(|zip| zip.len());
    FUNCTIONS.iter().filter_map(|(name, _)| Some((*name, bytes(name)?))).collect()
}

fn zipped(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).join("bootstrap.zip")
}

/// Packages every function.
pub(crate) fn all(arch: Arch, gateway: Gateway) -> Result<()> {
    run(&Options { arch, gateway, only: Vec::new() })
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let apollo = options.gateway == Gateway::Apollo;
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|only| only == name);
    let functions: Vec<_> = FUNCTIONS.into_iter().filter(|(name, _)| wanted(name)).collect();
    let names: Vec<_> = functions.iter().map(|(name, _)| *name).collect();
    let mut built = Vec::new();
    if !names.is_empty() {
        let folder = paths::target().join(options.arch.folder());
        compile(options.arch, |build| in_workspace(build, &names))?;
        built.extend(functions.into_iter().map(|(name, limit)| (folder.join(name), name, limit)));
    }
    if apollo && wanted("gateway") {
        built.push((apollo_router(options.arch)?, APOLLO.0, APOLLO.1));
    }
    let mut too_large = Vec::new();
    for (program, name, limit) in built {
        let bytes = package(&program, name)?;
        println!("{name:<14} {bytes:>12} bytes of {limit}");
        if bytes > limit {
            too_large.push(name);
        }
    }
    if too_large.is_empty() { Ok(()) } else { bail!("too large: {}", too_large.join(", ")) }
}

/// Compiles programs for the functions' machine; `what` says which.
fn compile(arch: Arch, what: impl Fn(&mut Command)) -> Result<()> {
    if !arch.is_host() {
        return cross(arch, what);
    }
    let mut build = cargo();
    build.arg("build");
    what(&mut build);
    command::run(build.args(["--profile", PROFILE]))
}

fn in_workspace(build: &mut Command, names: &[&str]) {
    build.args(["--package", "lambda"]).args(names.iter().flat_map(|name| ["--bin", name]));
}

/// Apollo Router's program for the gateway's function; it is built in a folder of its own, with versions of its own.
fn apollo_router(arch: Arch) -> Result<PathBuf> {
    debian::protoc()?;
    let folder = apollo();
    compile(arch, |build| {
        build.arg("--manifest-path").arg(folder.join("Cargo.toml")).args(["--locked", "--bins"]);
    })?;
    Ok(folder.join("target").join(arch.folder()).join(APOLLO.0))
}

/// The folder of Apollo Router's function.
pub(crate) fn apollo() -> PathBuf {
    paths::root().join("server/apollo")
}

/// Apollo Router as Apollo makes it, where it has been built for this machine.
pub(crate) fn router_here() -> Option<PathBuf> {
    Some(apollo().join("target").join(PROFILE).join("router")).filter(|router| router.is_file())
}

/// For another machine: zig has the C libraries of all of them, and a C compiler for what is not Rust.
fn cross(arch: Arch, what: impl Fn(&mut Command)) -> Result<()> {
    let target = arch.target();
    let libraries = command::output(program("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if !Path::new(libraries.trim()).is_dir() {
        step("Rust's libraries for the functions", || {
            command::run(program("rustup").args(["target", "add", target]))
        })?;
    }
    let tools = python::programs("zig", "zig, which compiles for other machines", &TOOLS)?;
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(tools.clone()).chain(env::split_paths(&path)))?;
    let mut zigbuild = program(tools.join("cargo-zigbuild"));
    command::like_by_hand(&mut zigbuild);
    let target = format!("{target}.2.{GLIBC}");
    zigbuild.arg("zigbuild");
    what(&mut zigbuild);
    command::run(zigbuild.args(["--profile", PROFILE, "--target", &target]).env("PATH", path))
}

/// The programs as the tests compile them, for an emulator on this machine: they are there sooner, and not small. Gives
/// the folder of the zips.
pub(crate) fn for_tests(folder: &Path, gateway: Gateway) -> Result<PathBuf> {
    test::compile()?;
    let here = FUNCTIONS.map(|(name, _)| (name, paths::target().join("debug").join(name)));
    let apollo = match (gateway, Arch::here()) {
        (Gateway::Own, _) => None,
        (Gateway::Apollo, Some(arch)) => Some((APOLLO.0, apollo_router(arch)?)),
        (Gateway::Apollo, None) => bail!("functions run on Linux, and this is none"),
    };
    for (name, built) in here.into_iter().chain(apollo) {
        let stripped = folder.join(name).join("bootstrap");
        fs::create_dir_all(folder.join(name))?;
        let mut strip = program("strip");
        command::run(strip.arg("--strip-all").arg("-o").arg(&stripped).arg(built))?;
        zip(&fs::read(&stripped)?, folder, name, QUICKEST)?;
    }
    Ok(folder.to_owned())
}

/// Zips a program for `provided.al2023`, where it must be able to start; gives the zip's bytes.
fn package(program: &Path, name: &str) -> Result<u64> {
    let contents = fs::read(program).with_context(|| format!("reading {}", program.display()))?;
    if let Some(wanted) = glibc(&contents).filter(|wanted| *wanted > GLIBC) {
        bail!(
            "{name} wants version 2.{wanted} of the C library, and Lambda has 2.{GLIBC}: build it on an older system"
        );
    }
    zip(&contents, &paths::target().join("lambda"), name, SMALLEST)
}

/// Zips a program as `<folder>/<name>/bootstrap.zip`; gives its bytes. The same program gives the same zip, so that a
/// deployment sees what has changed.
fn zip(program: &[u8], folder: &Path, name: &str, level: i64) -> Result<u64> {
    let path = zipped(folder, name);
    fs::create_dir_all(folder.join(name))?;
    let mut zip = ZipWriter::new(fs::File::create(&path)?);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let options = options.compression_level(Some(level)).unix_permissions(0o755);
    zip.start_file("bootstrap", options.last_modified_time(zip::DateTime::default()))?;
    zip.write_all(program)?;
    zip.finish()?.sync_all()?;
    Ok(fs::metadata(&path)?.len())
}

/// The latest version 2.x of the C library that a program names.
fn glibc(program: &[u8]) -> Option<u32> {
    const NAME: &[u8] = b"GLIBC_2.";
    let found = program.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    let versions = found.filter_map(|(at, _)| {
        let digits = program.get(at + NAME.len()..)?.iter().take_while(|byte| byte.is_ascii_digit());
        String::from_utf8(digits.copied().collect()).ok()?.parse().ok()
    });
    versions.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_version_counts() {
        assert_eq!(glibc(b"\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0"), Some(34));
        assert_eq!(glibc(b"static"), None);
    }
}
