//! How the program is linked.
//!
//! On Linux it stands at a fixed address, as programs in Go do. A program that may stand anywhere has 70,000 addresses to be
//! put right in 1.3 MB of tables before it begins, which was 3.5 of the 11.2 ms of a whole search (`benches/run.sh`).
//! Libraries, stack and heap stand at random addresses all the same; of what is linked in, only Zstandard is in C.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|it| it == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
