//! The bounded queue between the callers and the threads that own connections.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::StoreError;

/// Callers put without waiting, threads take what has gathered.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    bound: usize,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub(crate) fn bounded(bound: usize) -> Self {
        let state = Mutex::new(State { items: VecDeque::new(), closed: false });
        Self { state, filled: Condvar::new(), bound }
    }

    /// Puts `item` last; [`StoreError::Busy`] when the queue is full.
    pub(crate) fn put(&self, item: T) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.closed || state.items.len() >= self.bound {
            return Err(StoreError::Busy);
        }
        state.items.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for one, then takes up to `most`; none once it is closed and empty.
    pub(crate) fn take(&self, most: usize) -> Vec<T> {
        let mut state = self.state();
        while state.items.is_empty() && !state.closed {
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = most.min(state.items.len());
        state.items.drain(..count).collect()
    }

    pub(crate) fn waiting(&self) -> usize {
        self.state().items.len()
    }

    /// No more are put; what is there is still taken.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.filled.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_is_busy_and_a_closed_one_is_still_emptied() {
        let queue = Queue::bounded(2);
        assert_eq!((queue.put(1), queue.put(2)), (Ok(()), Ok(())));
        assert_eq!(queue.put(3), Err(StoreError::Busy));
        queue.close();
        assert_eq!(queue.put(3), Err(StoreError::Busy));
        assert_eq!(queue.take(1), [1]);
        assert_eq!(queue.take(9), [2]);
        assert!(queue.take(9).is_empty());
    }
}
