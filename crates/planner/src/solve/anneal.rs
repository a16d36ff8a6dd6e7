//! Annealing on the nights' wishes: change a night or two, play on until the state is as before.

use super::chance::Chance;
use super::decode::{ChurnPrice, Decoder, Listener, Silent};
use super::done::Past;
use super::encode;
use super::genome::{Genome, NightWishes};
use super::hosting::Hosting;
use super::model::{Groups, Model};
use super::neighbours::{self, Change};
use super::policy::{GreedySpace, Policy, greedy_night};
use crate::plan::ClassPlan;

/// One chain of plans, each a small change of the one before.
pub(super) struct Chain<'m> {
    m: &'m Model<'m>,
    decoder: Decoder<'m>,
    hosting: &'m Hosting,
    past: &'m Past,
    pub chance: Chance,
    genome: Genome,
    /// State before each night of the present plan, and each night's units.
    states: Vec<Vec<i32>>,
    costs: Vec<i64>,
    trial_states: Vec<Vec<i32>>,
    trial_costs: Vec<i64>,
    pub present: i64,
    pub best: Genome,
    pub best_cost: i64,
    pub policy: Policy,
    space: GreedySpace,
    /// Nights that may be changed.
    nights: Vec<usize>,
}

/// One in so many moves rewrites a few nights greedily, or gives a wing to other groups.
const REWRITE_ONE_IN: usize = 60;
/// Nights rewritten at once, at most.
const REWRITTEN_NIGHTS: usize = 4;
/// Wishes that come to nothing kept for each night: they stand in when another is taken out.
const SPARE_WISHES: usize = 4;
/// Nights of waiting that one who has left earlier may still save.
const HOPE_NIGHTS: i64 = 10;
const REHOST_ONE_IN: usize = 300;
/// One in so many moves empty vehicles the night before a night, so that they are there on it.
const SHIFT_ONE_IN: usize = 14;
/// Around a plan in force, one in so many moves puts back what it had.
const RESTORE_ONE_IN: usize = 4;
/// What somebody left behind by one greedy plan is worth more in the next.
const URGENT: f64 = 3.0;
/// Greedy plans after which those left behind are counted afresh and other hosts are tried.
const SAME_HOSTS: usize = 6;

impl<'m> Chain<'m> {
    pub fn new(
        m: &'m Model<'m>,
        hosting: &'m Hosting,
        past: &'m Past,
        churn: Option<&'m ChurnPrice>,
        start: Genome,
        mut chance: Chance,
    ) -> Self {
        let mut chain = Self {
            m,
            decoder: Decoder::new(m, &start.hosts, &past.free, churn),
            hosting,
            past,
            policy: Policy::draw(&mut chance),
            chance,
            states: vec![past.state.clone(); m.nights + 1],
            costs: vec![0; m.nights],
            trial_states: vec![past.state.clone(); m.nights + 1],
            trial_costs: vec![0; m.nights],
            present: 0,
            best: start.clone(),
            best_cost: i64::MAX,
            genome: start,
            space: GreedySpace::default(),
            nights: m.open_nights.iter().copied().filter(|&t| t >= past.nights).collect(),
        };
        chain.replay();
        chain
    }

    /// Makes `genome` the present plan.
    pub fn adopt(&mut self, genome: Genome) {
        self.genome = genome;
        self.replay();
    }

    fn replay(&mut self) {
        self.decoder.set_hosts(&self.genome.hosts);
        self.decoder.begin(&mut self.states[self.past.nights]);
        self.present = self.past.cost.total();
        for t in self.past.nights..self.m.nights {
            let mut state = self.states[t].clone();
            let cost = self.decoder.night(t, &self.genome.nights[t], &mut state, &mut Silent);
            self.costs[t] = cost;
            self.present += cost;
            self.states[t + 1] = state;
        }
        self.keep_best();
    }

    fn keep_best(&mut self) {
        if self.present < self.best_cost {
            self.best_cost = self.present;
            self.best.clone_from(&self.genome);
        }
    }

    pub fn left_behind(&self) -> i64 {
        self.states[self.m.nights][..self.m.layout.classes].iter().map(|&n| i64::from(n)).sum()
    }

    /// Nothing can be changed: no open night is left.
    pub fn is_stuck(&self) -> bool {
        self.nights.is_empty()
    }

    /// Greedy plans, until one moves everyone or there were so many: whoever the last one left behind
    /// is worth more in the next. The last of them is the present plan, or the best if none does.
    pub fn move_everyone(&mut self, roll_outs: usize) {
        self.space.urgency = vec![1.0; self.m.layout.classes];
        let first = self.genome.hosts.clone();
        for number in 0..roll_outs {
            let mut hosts = first.clone();
            // Perhaps the wings are in the way.
            for _ in 0..if number < SAME_HOSTS { 0 } else { self.chance.below(4) } {
                self.hosting.change(&mut hosts, &mut self.chance);
            }
            self.roll_out(&hosts, i64::MAX);
            let left = &self.states[self.m.nights][..self.m.layout.classes];
            if left.iter().all(|&n| n == 0) {
                self.space.urgency.clear();
                return;
            }
            if number % SAME_HOSTS == SAME_HOSTS - 1 {
                self.space.urgency.fill(1.0);
                continue;
            }
            for (factor, &n) in self.space.urgency.iter_mut().zip(left) {
                *factor *= if n > 0 { URGENT } else { 1.0 };
            }
        }
        self.space.urgency.clear();
        self.adopt(self.best.clone());
    }

    /// Starts anew from the best of some greedy plans under other policies and near-by hosts.
    pub fn start_afresh(&mut self, roll_outs: usize, rehosted: usize) {
        let mut hosts = self.best.hosts.clone();
        for _ in 0..rehosted {
            self.hosting.change(&mut hosts, &mut self.chance);
        }
        self.roll_out(&hosts, i64::MAX);
        for number in 1..roll_outs {
            hosts.clone_from(&self.genome.hosts);
            if number > 3 {
                for _ in 0..self.chance.below(4) {
                    self.hosting.change(&mut hosts, &mut self.chance);
                }
            }
            self.roll_out(&hosts, self.present);
        }
    }

    /// The present plan's wishes.
    pub fn genome(&self) -> &Genome {
        &self.genome
    }

    /// Starts anew from a plan with some wings given to other groups.
    pub fn start_near(&mut self, mut genome: Genome, rehosted: usize) {
        for _ in 0..rehosted {
            self.hosting.change(&mut genome.hosts, &mut self.chance);
        }
        self.adopt(genome);
    }

    /// Starts anew from what a plan sends and where it houses people, whether or not it keeps the rules;
    /// from the best plan when it is not of this problem.
    pub fn start_from(&mut self, plan: &ClassPlan) {
        let mut hosts = self.best.hosts.clone();
        self.hosting.prefer(&mut hosts, &encode::housed(self.m, plan));
        let nights = encode::wishes(self.m, plan);
        self.adopt(nights.map_or_else(|_| self.best.clone(), |nights| Genome { nights, hosts }));
    }

    /// One whole greedy plan under a policy; becomes the present plan when it costs less than
    /// `limit`.
    pub fn roll_out(&mut self, hosts: &[Groups], limit: i64) -> bool {
        let policy = match self.chance.below(2) {
            0 => Policy::draw(&mut self.chance),
            _ => self.policy.near(&mut self.chance),
        };
        self.decoder.set_hosts(hosts);
        let mut genome = Genome { nights: self.genome.nights.clone(), hosts: hosts.to_vec() };
        let mut cost = self.past.cost.total();
        for t in self.past.nights..self.m.nights {
            let mut state = std::mem::take(&mut self.trial_states[t]);
            if t == self.past.nights {
                state.clone_from(&self.past.state);
                self.decoder.begin(&mut state);
            }
            genome.nights[t] = greedy_night(
                &mut self.decoder,
                &mut self.space,
                t,
                &state,
                &policy,
                &[],
                &mut self.chance,
            );
            let next = &mut self.trial_states[t + 1];
            next.clone_from(&state);
            cost += self.decoder.night(t, &genome.nights[t], next, &mut Silent);
            self.trial_states[t] = state;
            if cost >= limit {
                break;
            }
        }
        if cost < limit {
            self.policy = policy;
            self.adopt(genome);
        } else {
            self.decoder.set_hosts(&self.genome.hosts);
        }
        cost < limit
    }

    /// Wishes of the present plan, at least one.
    pub fn trips(&self) -> u64 {
        self.genome.nights.iter().map(|night| night.wishes.len() as u64).sum::<u64>().max(1)
    }

    pub fn classes(&self) -> u64 {
        self.m.layout.classes as u64
    }

    /// Tries one change; keeps it with the chance that `temperature` (units) gives it.
    pub fn step(&mut self, temperature: f64) {
        let t = self.nights[self.chance.below(self.busy())];
        let budget = self.present as f64 - temperature * self.chance.share().max(1e-12).ln();
        let budget = budget as i64;
        if self.chance.below(REHOST_ONE_IN) == 0 {
            self.try_rehost(budget);
            return;
        }
        if self.chance.below(REWRITE_ONE_IN) == 0 {
            let nights = &self.nights[..self.busy()];
            let from = nights.partition_point(|&night| night < t);
            let rewritten = 1 + self.chance.below(REWRITTEN_NIGHTS);
            let nights = nights[from..].iter().copied().take(rewritten).collect();
            self.try_rewrite(nights, budget);
            return;
        }
        if let Some(churn) = self.decoder.churn
            && self.chance.below(RESTORE_ONE_IN) == 0
        {
            let wishes = &churn.wishes[t];
            if let Some(change) = neighbours::restore(&self.genome, wishes, t, &mut self.chance) {
                self.try_change(change, budget);
            }
            return;
        }
        if self.chance.below(SHIFT_ONE_IN) == 0 {
            let eve = t.checked_sub(1).filter(|&eve| eve >= self.past.nights);
            let change =
                eve.and_then(|t| neighbours::shift(self.m, &self.genome, t, &mut self.chance));
            if let Some(change) = change {
                self.try_change(change, budget);
            }
            return;
        }
        let nights = &self.nights[..self.busy()];
        let before = &self.states[t];
        let change = neighbours::draw(self.m, &self.genome, nights, t, &mut self.chance, before);
        if let Some(change) = change {
            self.try_change(change, budget);
        }
    }

    /// How many of the nights are worth changing: those with anybody waiting, and one to spare.
    fn busy(&self) -> usize {
        let l = &self.m.layout;
        let waiting = |&t: &usize| self.states[t][l.at..l.at + l.origins].iter().any(|&n| n > 0);
        let busy = self.nights.partition_point(waiting);
        (busy + 1).min(self.nights.len())
    }

    /// Rewrites some nights greedily, each after the one before, and plays on.
    fn try_rewrite(&mut self, nights: Vec<usize>, budget: i64) {
        let (Some(&from), Some(&last)) = (nights.first(), nights.last()) else { return };
        let policy =
            if self.chance.below(2) == 0 { self.policy } else { Policy::draw(&mut self.chance) };
        self.trial_states[from].clone_from(&self.states[from]);
        let mut rewritten = Vec::with_capacity(nights.len());
        let mut total = self.present;
        for u in from..=last {
            if nights.contains(&u) {
                let wishes = greedy_night(
                    &mut self.decoder,
                    &mut self.space,
                    u,
                    &self.trial_states[u],
                    &policy,
                    &self.genome.nights[u].shifts,
                    &mut self.chance,
                );
                rewritten.push((u, std::mem::replace(&mut self.genome.nights[u], wishes)));
            }
            if u < last {
                total += self.play_trial(u) - self.costs[u];
            }
        }
        match self.play_until_same(last, last, total, budget) {
            Some((end, total)) => self.take_trial(from, end, total),
            None => rewritten.into_iter().for_each(|(u, old)| self.genome.nights[u] = old),
        }
    }

    fn try_rehost(&mut self, budget: i64) {
        let mut hosts = self.genome.hosts.clone();
        if !self.hosting.change(&mut hosts, &mut self.chance) {
            return;
        }
        self.decoder.set_hosts(&hosts);
        let from = self.past.nights;
        self.trial_states[from].clone_from(&self.states[from]);
        self.decoder.begin(&mut self.trial_states[from]);
        let mut total = self.past.cost.total();
        for u in from..self.m.nights {
            total += self.play_trial(u);
            if total > budget {
                self.decoder.set_hosts(&self.genome.hosts);
                return;
            }
        }
        self.genome.hosts = hosts;
        self.take_trial(from, self.m.nights, total);
    }

    fn try_change(&mut self, change: Change, budget: i64) {
        let Change { night, mut wishes, other } = change;
        let (mut from, mut last) = (night, night);
        if let Some((u, _)) = &other {
            (from, last) = (from.min(*u), last.max(*u));
        }
        // The changed nights stand in the genome while they are tried, and change back if refused.
        let other_night = other.as_ref().map(|(u, _)| *u);
        std::mem::swap(&mut self.genome.nights[night], &mut wishes);
        let mut other_wishes = other.map(|(_, w)| w);
        if let (Some(u), Some(w)) = (other_night, &mut other_wishes) {
            std::mem::swap(&mut self.genome.nights[u], w);
        }
        self.trial_states[from].clone_from(&self.states[from]);
        let end = self.play_until_same(from, last, self.present, budget);
        match end {
            Some((end, total)) => self.take_trial(from, end, total),
            None => {
                std::mem::swap(&mut self.genome.nights[night], &mut wishes);
                if let (Some(u), Some(w)) = (other_night, &mut other_wishes) {
                    std::mem::swap(&mut self.genome.nights[u], w);
                }
            }
        }
    }

    /// Plays the trial from night `from` until, past night `last`, the state is as before. `total`
    /// is the whole cost as far as it is known. The night the trial ends before and the whole
    /// cost, or nothing when it costs too much.
    fn play_until_same(
        &mut self,
        from: usize,
        last: usize,
        mut total: i64,
        budget: i64,
    ) -> Option<(usize, i64)> {
        for u in from..self.m.nights {
            total += self.play_trial(u) - self.costs[u];
            if u == from || u == last {
                self.decoder.prune(&mut self.genome.nights[u], SPARE_WISHES);
            }
            let (now, then) = (&self.trial_states[u + 1], &self.states[u + 1]);
            if u >= last && now == then {
                return (total <= budget).then_some((u + 1, total));
            }
            if total > budget && u >= last && total - budget > self.hope(u + 1) {
                return None;
            }
        }
        (total <= budget).then_some((self.m.nights, total))
    }

    /// Units that the trial may still win back by people who have left earlier than in the
    /// present plan, each taken to save some nights of waiting.
    fn hope(&self, u: usize) -> i64 {
        let l = &self.m.layout;
        let (now, then) = (&self.trial_states[u], &self.states[u]);
        let Some(waits) = self.m.crowd_wait.get(u) else { return 0 };
        let mut hope = 0;
        for (i, wait) in (l.crowd..l.crowd + l.crowds).zip(waits) {
            hope += i64::from((then[i] - now[i]).max(0)) * wait;
        }
        hope * HOPE_NIGHTS
    }

    fn play_trial(&mut self, u: usize) -> i64 {
        let (before, after) = self.trial_states.split_at_mut(u + 1);
        after[0].clone_from(&before[u]);
        let cost = self.decoder.night(u, &self.genome.nights[u], &mut after[0], &mut Silent);
        self.trial_costs[u] = cost;
        cost
    }

    fn take_trial(&mut self, from: usize, end: usize, total: i64) {
        self.costs[from..end].copy_from_slice(&self.trial_costs[from..end]);
        for u in from..=end {
            std::mem::swap(&mut self.states[u], &mut self.trial_states[u]);
        }
        self.present = total;
        self.keep_best();
    }
}

/// Plays a whole genome to a listener, who pays nothing for churn; people left behind.
pub(super) fn perform(
    m: &Model,
    past: &Past,
    churn: Option<&ChurnPrice>,
    genome: &Genome,
    out: &mut impl Listener,
) -> i64 {
    let mut decoder = Decoder::new(m, &genome.hosts, &past.free, churn);
    let mut state = past.state.clone();
    decoder.begin(&mut state);
    for t in past.nights..m.nights {
        let night: &NightWishes = &genome.nights[t];
        decoder.night(t, night, &mut state, out);
    }
    state[..m.layout.classes].iter().map(|&n| i64::from(n)).sum()
}
