//! Adds up what the test runners report.

use std::fmt;
use std::ops::AddAssign;

/// How many tests there were, by how they went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Total {
    /// Went well.
    pub(crate) passed: u64,
    /// Did not.
    pub(crate) failed: u64,
    /// Were not run.
    pub(crate) skipped: u64,
}

impl Total {
    /// One check that went well.
    pub(crate) const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        skipped: 0,
    };
    /// One check that did not.
    pub(crate) const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };

    /// Adds what a line of cargo's tests says, if it says anything:
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`.
    pub(crate) fn add_cargo_line(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        for count in counts.split([';', '.']) {
            let mut words = count.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else {
                continue;
            };
            self.add(number, what);
        }
    }

    /// Adds what a line of Node's summary says, if it says anything: `ℹ pass 5`, or `# pass 5` in TAP.
    pub(crate) fn add_node_line(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) else {
            return;
        };
        if let Some((what, number)) = rest.split_once(' ') {
            self.add(number, what);
        }
    }

    fn add(&mut self, number: &str, what: &str) {
        let Ok(number) = number.parse::<u64>() else {
            return;
        };
        match what {
            "passed" | "pass" => self.passed += number,
            "failed" | "fail" | "cancelled" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
    }

    /// The verdict on a test runner that ended well or not: it counts as failed when it says that it has
    /// failed but names no test, and when it has run none at all.
    pub(crate) fn judged(mut self, ended_well: bool) -> Self {
        let says_why = self.failed > 0;
        if !says_why && (!ended_well || self.passed == 0) {
            self.failed += 1;
        }
        self
    }

    /// Whether this may be called a success.
    pub(crate) fn is_good(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }
}

impl AddAssign for Total {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(passed: u64, failed: u64, skipped: u64) -> Total {
        Total {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn cargos_lines_are_summed() {
        let mut sum = Total::default();
        for line in [
            "running 3 tests",
            "test result_is_read ... ok",
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.00s",
            "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 10.31s",
            "   Doc-tests overtone_forest",
        ] {
            sum.add_cargo_line(line);
        }
        assert_eq!(sum, total(17, 2, 1));
    }

    #[test]
    fn nodes_summary_is_summed_in_both_of_its_forms() {
        for mark in ["ℹ", "#"] {
            let mut sum = Total::default();
            for line in [
                "tests 10",
                "suites 1",
                "pass 4",
                "fail 3",
                "cancelled 1",
                "skipped 1",
                "todo 1",
                "duration_ms 903.5",
            ] {
                sum.add_node_line(&format!("{mark} {line}"));
            }
            assert_eq!(sum, total(4, 4, 2), "with {mark}");
        }
        let mut sum = Total::default();
        sum.add_node_line("✔ pass 4 times (3 ms)");
        assert_eq!(sum, Total::default());
    }

    #[test]
    fn nothing_run_is_not_a_success() {
        assert!(!Total::default().is_good());
        assert_eq!(Total::default().judged(true), Total::FAILED);
        assert_eq!(total(0, 0, 3).judged(true), total(0, 1, 3));
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_counts_as_one() {
        assert_eq!(total(4, 0, 0).judged(false), total(4, 1, 0));
        assert_eq!(total(4, 2, 0).judged(false), total(4, 2, 0));
        assert_eq!(total(4, 0, 0).judged(true), total(4, 0, 0));
    }

    #[test]
    fn the_last_line_reads_like_this() {
        assert_eq!(total(123, 0, 0).to_string(), "123 passed, 0 failed");
        assert_eq!(total(9, 1, 2).to_string(), "9 passed, 1 failed, 2 skipped");
    }
}
