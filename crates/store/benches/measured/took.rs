//! What something took.

use std::time::{Duration, Instant};

/// Wall time, and processor time of all threads: the latter tells on a machine that others use.
#[derive(Clone, Copy, Default)]
pub struct Took {
    pub wall: Duration,
    pub cpu: Duration,
}

impl std::ops::AddAssign for Took {
    fn add_assign(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

impl Took {
    pub fn rate(self, count: usize) -> f64 {
        count as f64 / self.wall.as_secs_f64()
    }
    pub fn cpu_us(self, count: usize) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count as f64
    }
}

/// User and system time of this process, from `/proc/self/stat` (in hundredths of a second).
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = after_name.split_whitespace().skip(11).take(2);
    Duration::from_millis(10 * ticks.map(|t| t.parse::<u64>().unwrap()).sum::<u64>())
}

pub fn timed(run: impl FnOnce()) -> Took {
    let (start, cpu_before) = (Instant::now(), cpu());
    run();
    Took { wall: start.elapsed(), cpu: cpu() - cpu_before }
}

/// The most memory this process has had, in MiB (`VmHWM` of `/proc/self/status`).
pub fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}
