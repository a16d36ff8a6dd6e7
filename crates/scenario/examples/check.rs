fn main() {
    print!("{}\n", amana_scenario::check(std::path::Path::new(&std::env::args().nth(1).unwrap())));
}
