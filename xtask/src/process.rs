//! Starting, waiting for and stopping other programs. Each runs in its own process group, so that Ctrl-C reaches only
//! xtask, which then stops what it started, in order, by its own process ids.

use crate::failure::{Failure, Result, While};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

const POLL: Duration = Duration::from_millis(20);
/// A server that leaves in order waits for people and banks: 41 seconds at most.
const PATIENCE: Duration = Duration::from_secs(50);

/// Turns Ctrl-C, TERM and HUP into a flag that every wait looks at.
pub fn catch_interrupts() -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, INTERRUPTED.clone()).while_doing("catching Ctrl-C")?;
    }
    Ok(())
}

pub fn go_on() -> Result<()> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Failure::Interrupted) } else { Ok(()) }
}

/// Waits a little, or ends with `Interrupted`.
pub fn pause() -> Result<()> {
    std::thread::sleep(POLL);
    go_on()
}

/// How a program is asked to end.
#[derive(Clone, Copy)]
enum Ending {
    /// A build: it and everything it started.
    Group,
    /// A service: it alone, by this signal; it stops its own children.
    Alone(&'static str),
}

/// A program we started. Dropping it stops it.
pub struct Program {
    pub name: String,
    child: Child,
    ending: Ending,
}

impl Program {
    pub fn service(name: &str, command: &mut Command) -> Result<Program> {
        Program::spawn(name, command, Ending::Alone("TERM"))
    }

    /// As `service`, for programs that end in order on another signal.
    pub fn service_ending_by(signal: &'static str, name: &str, command: &mut Command) -> Result<Program> {
        Program::spawn(name, command, Ending::Alone(signal))
    }

    fn spawn(name: &str, command: &mut Command, ending: Ending) -> Result<Program> {
        let child = command.stdin(Stdio::null()).process_group(0).spawn().while_doing(format_args!("starting {name}"))?;
        Ok(Program { name: name.to_owned(), child, ending })
    }

    /// `Some` once it has ended by itself.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().while_doing(format_args!("waiting for {}", self.name))
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            pause()?;
        }
    }

    fn stop(&mut self) {
        let runs = matches!(self.child.try_wait(), Ok(None));
        let (signal, target) = match self.ending {
            // Also when it has ended by itself: what it started and forgot would hold its output open.
            Ending::Group => ("TERM", format!("-{}", self.child.id())),
            Ending::Alone(signal) if runs => (signal, self.child.id().to_string()),
            Ending::Alone(_) => return,
        };
        // `kill` of the shell, because std knows only KILL; a failure shows as the child outliving our patience.
        let _ = Command::new("sh").arg("-c").arg(format!("kill -s {signal} -- {target}")).stderr(Stdio::null()).status();
        if !runs {
            return;
        }
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(POLL);
        }
        eprintln!("{} did not end in {} s and is killed", self.name, PATIENCE.as_secs());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs a program to its end with its output visible; anything but success is a failure.
pub fn run(command: &mut Command) -> Result<()> {
    let name = shown(command);
    let status = Program::spawn(&name, command, Ending::Group)?.wait()?;
    succeeded(&name, status)
}

/// Runs a program to its end, shows every line it prints and hands it to `seen` too.
pub fn run_watched(command: &mut Command, seen: impl FnMut(&str) + Send) -> Result<()> {
    let name = shown(command);
    let mut program = Program::spawn(&name, command.stdout(Stdio::piped()).stderr(Stdio::piped()), Ending::Group)?;
    let seen = std::sync::Mutex::new(seen);
    let (out, err) = (program.child.stdout.take(), program.child.stderr.take());
    let status = std::thread::scope(|scope| {
        let status = {
            scope.spawn(|| echo(out, |line| println!("{line}"), &seen));
            scope.spawn(|| echo(err, |line| eprintln!("{line}"), &seen));
            program.wait()
        };
        // The readers end with the pipes, so everything below has to be stopped before the scope closes.
        program.stop();
        status
    })?;
    succeeded(&name, status)
}

fn echo(pipe: Option<impl Read>, show: impl Fn(&str), seen: &std::sync::Mutex<impl FnMut(&str)>) {
    let Some(pipe) = pipe else { return };
    for line in BufReader::new(pipe).split(b'\n') {
        let Ok(line) = line else { return };
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\r');
        show(line);
        if let Ok(mut seen) = seen.lock() {
            seen(line);
        }
    }
}

/// What a program prints on its standard output, or a failure with what it said on the other.
pub fn output(command: &mut Command) -> Result<String> {
    let name = shown(command);
    let output = command.stdin(Stdio::null()).output().while_doing(format_args!("starting {name}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::because(format!("{name} failed ({}): {}", output.status, said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub fn is_there(program: &str) -> bool {
    find(program).is_some()
}

/// The program's place on PATH.
pub fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

fn succeeded(name: &str, status: ExitStatus) -> Result<()> {
    go_on()?;
    if status.success() { Ok(()) } else { Err(Failure::because(format!("{name} failed ({status})"))) }
}

fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut shown = program.to_string_lossy().into_owned();
    for word in command.get_args().map(|arg| arg.to_string_lossy()).take_while(|arg| !arg.starts_with('-')).take(2) {
        shown.push(' ');
        shown.push_str(&word);
    }
    shown
}
