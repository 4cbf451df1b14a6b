use super::*;
use proptest::prelude::*;
use trial::CountedChance;

const INPUTS: [Input; 6] = [
    Input::Claim,
    Input::Choose,
    Input::Answer,
    Input::Refuse(false),
    Input::Refuse(true),
    Input::Withdraw,
];

proptest! {
    #[test]
    fn whatever_comes_an_ended_ask_stays_ended_and_no_pin_comes_before_the_choice(
        choice in any::<bool>(), inputs in proptest::collection::vec(0_usize..6, 0..12)
    ) {
        let mut stage = if choice { Stage::Waiting } else { Stage::Open };
        for input in inputs {
            let Ok(next) = stage.step(INPUTS[input], choice) else { continue };
            prop_assert!(!matches!(stage, Stage::Answered | Stage::Withdrawn | Stage::Reported));
            if next == Stage::Answered && choice {
                prop_assert_eq!(stage, Stage::Taken);
            }
            stage = next;
        }
    }
}

#[test]
fn the_numbers_differ_and_one_of_them_is_the_pages() {
    let chance = CountedChance::seeded(5);
    for _ in 0..500 {
        let life = [Time::EPOCH; 3];
        let ask = Ask::new(true, "rp", ("id".to_owned(), Vec::new()), life);
        let ask = ask.addressed(None, Vec::new(), &chance);
        let mut sorted = ask.choices.clone();
        sorted.dedup();
        assert_eq!(sorted.len(), 3);
        assert!(ask.choices.contains(&ask.number.unwrap()));
        assert!(ask.choices.iter().all(|number| *number < 100));
    }
}

#[test]
fn the_characters_are_those_that_a_phone_takes() {
    let chance = CountedChance::seeded(6);
    for _ in 0..200 {
        let drawn = characters(&chance);
        assert_eq!(app::code_of(&drawn), Some(drawn.clone()));
    }
}
