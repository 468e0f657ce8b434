//! The emulator that stands in for AWS: it runs functions as processes, and refuses what their roles may not do.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{missing, program},
    node, paths, python,
};

const PACKAGE: &str = "ministack==1.5.33";
/// As the deployment's `config.ts` has them for `developer`.
pub(super) const ACCOUNT: &str = "000000000005";
pub(super) const REGION: &str = "eu-west-1";
/// Longest that it takes to start, on a machine that does much else.
const START: Duration = Duration::from_secs(120);

/// A process that ends when this value does.
pub(super) struct Running(Child);

impl Running {
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        Ok(Self(command.stdin(Stdio::null()).spawn().map_err(|error| missing(command, error))?))
    }

    /// Fails once it has ended.
    pub(super) fn check(&mut self) -> Result<()> {
        match self.0.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("it ended with {status}"),
        }
    }

    /// The first line that it prints where that is piped, by which it says that it has started.
    pub(super) fn first_line(&mut self) -> Result<String> {
        let said = self.0.stdout.take().context("its output goes elsewhere")?;
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line)?;
        match line.trim() {
            "" => bail!("it ended, and its own words are above"),
            line => Ok(line.to_owned()),
        }
    }

    /// Until it ends by itself.
    pub(super) fn wait(&mut self) -> Result<()> {
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked to end rather than killed: the emulator takes the functions' processes with it.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// An emulator with nothing in it; what is put there is gone when it ends.
pub(super) struct Emulator {
    process: Running,
    pub(super) port: u16,
}

impl Emulator {
    pub(super) fn start(port: u16) -> Result<Self> {
        let programs = python::programs("emulator", "emulator of AWS", &[PACKAGE])?;
        let folder = folder()?;
        let temporary = folder.join("tmp");
        if temporary.exists() {
            fs::remove_dir_all(&temporary).context("removing what the last emulator left")?;
        }
        fs::create_dir_all(&temporary)?;
        // Functions in JavaScript find AWS's SDK above them, as they do in Lambda.
        node::link_packages(&paths::root().join("infra"), &temporary)?;
        let log = fs::File::create(folder.join("emulator.log"))?;
        let mut command = program(programs.join("ministack"));
        // The functions get this environment too, so there is nothing else in it.
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &folder).env("TMPDIR", &temporary);
        command.envs(variables(port)).env("AUTH", "true");
        command.env("BIND_HOST", "127.0.0.1").env("MINISTACK_HOST", "127.0.0.1");
        command.env("GATEWAY_PORT", port.to_string());
        command.env("MINISTACK_ACCOUNT_ID", ACCOUNT).env("MINISTACK_REGION", REGION);
        let process = Running::start(command.stdout(log.try_clone()?).stderr(log))?;
        let mut emulator = Self { process, port };
        emulator.wait_until_ready()?;
        Ok(emulator)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        while !answers(self.port) {
            self.process.check().context("the emulator: see target/aws-local/emulator.log")?;
            if started.elapsed() > START {
                bail!("the emulator does not answer: see target/aws-local/emulator.log");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

/// What tells AWS's clients to go to the emulator.
pub(super) fn variables(port: u16) -> [(&'static str, String); 6] {
    [
        ("AWS_ENDPOINT_URL", address(port)),
        ("AWS_ACCESS_KEY_ID", ACCOUNT.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ]
}

pub(super) fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Where everything about the emulated deployment is kept.
pub(super) fn folder() -> Result<PathBuf> {
    let folder = paths::target().join("aws-local");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /_ministack/ready HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.contains(" 200 ") && answer.contains("completed"))
}
