//! Changes as they are typed: what they make of the problem, and what is said when they cannot be read.

use amana_planner::change::{Asked, Change};
use amana_planner::problem::Problem;

use crate::instances::story;

fn problem() -> Problem {
    Problem::from_json(&story().to_string()).expect("well formed")
}

fn parse(asked: Asked, text: &str) -> Result<Change, String> {
    let date = |name: &str| (name == "2026-01-22").then_some(1);
    Change::parse(&problem(), asked, text, &date).map_err(|e| e.to_string())
}

#[test]
fn changes_are_read_and_said_again() {
    use Asked::{Add, Intake, Lose};
    let table = [
        (Add, "coach@north=2", "2 more coach at North depot"),
        (Add, "cell-van@South depot=1", "1 more cell-van at South depot"),
        (Add, "team@south=1", "1 more escort team at South depot"),
        (Add, "guard@north-depot=4", "4 more guard at North depot"),
        (Add, "orbit@1=1", "1 more orbit of air cover, night 1"),
        (Add, "half-hour:0..1=2", "2 more half hour of air cover, nights 0 to 1"),
        (Add, "crossing@b0:all=1", "1 more crossing slot at b0, every night"),
        (Add, "bay@north:2026-01-22=1", "1 more loading bay at north, night 1"),
        (Add, "out@south=5", "5 more person out-processed at south, every night"),
        (Add, "bed@w1=10", "10 more bed in w1"),
        (Add, "people@ka=10", "10 more person of class ka"),
        (Add, "flight:2=1", "1 more flight, night 2"),
        (Lose, "coach@north=1", "1 fewer coach at North depot"),
        (Lose, "night=1", "night 1 lost"),
        (Lose, "crossing@b0:1", "crossing slot at b0: 0, night 1"),
        (Intake, "d0@1=20", "person received at d0: 20, night 1"),
        (Intake, "d0=20", "person received at d0: 20, every night"),
    ];
    for (asked, text, said) in table {
        assert_eq!(parse(asked, text).map(|c| c.words(&problem())).as_deref(), Ok(said), "{text}");
    }
}

#[test]
fn what_cannot_be_read_says_what_there_is() {
    use Asked::{Add, Intake, Lose};
    let table = [
        (
            Add,
            "bus@north=1",
            "cannot read \"bus@north=1\": no thing \"bus\"; there are coach, cell-van, ambulance, team, guard, bed, people, orbit, half-hour, flight, crossing, bay and 2 more",
        ),
        (
            Add,
            "caoch@north=1",
            "cannot read \"caoch@north=1\": no thing \"caoch\" (did you mean coach?); there are coach, cell-van, ambulance, team, guard, bed, people, orbit, half-hour, flight, crossing, bay and 2 more",
        ),
        (
            Add,
            "coach@nroth=1",
            "cannot read \"coach@nroth=1\": no depot \"nroth\" (did you mean North depot?); there are North depot, South depot",
        ),
        (
            Add,
            "coach@depot=1",
            "cannot read \"coach@depot=1\": no depot \"depot\" (did you mean North depot or South depot?); there are North depot, South depot",
        ),
        (Lose, "night=9", "cannot read \"night=9\": no night \"9\"; there are nights 0 to 2"),
        (
            Lose,
            "night=2..1",
            "cannot read \"night=2..1\": its nights end before they begin; for example --lose night=3..9",
        ),
        (
            Add,
            "coach@north",
            "cannot read \"coach@north\": it does not end in =N, a whole number above 0; for example --add bus@DEPOT=1",
        ),
        (Intake, "camp@1=20", "cannot read \"camp@1=20\": no facility \"camp\"; there is d0"),
    ];
    for (asked, text, said) in table {
        assert_eq!(parse(asked, text).map_err(|e| e.to_string()), Err(said.to_owned()), "{text}");
    }
}

#[test]
fn a_change_reaches_the_problem() {
    let before = problem();
    let made = |asked, text| {
        let change = parse(asked, text).expect("read");
        Change::applied(&[change], &before)
    };
    assert_eq!(made(Asked::Lose, "night=1").cover[1].orbits, 0);
    assert_eq!(made(Asked::Lose, "night=1").air.sorties, [0, 0, 1]);
    let more = made(Asked::Add, "coach@north=2");
    assert_eq!((more.depots[0].fleet[0], more.depots[0].park[0]), (4, 4), "parking follows");
    assert_eq!(made(Asked::Lose, "coach@north=9").depots[0].fleet[0], 0, "never below none");
    let people = made(Asked::Add, "people@ka=3");
    assert_eq!((people.classes[0].count, people.classes[0].ready[0]), (23, 23));
    assert_eq!(made(Asked::Intake, "d0@0..1=7").facilities[0].intake, [7, 7, 100]);
}
