//! Connections that readers share: made when needed, kept, and never more than so many.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, PoisonError};

pub(crate) struct Pool<T> {
    shelf: Mutex<Shelf<T>>,
    returned: Condvar,
    most: usize,
}

struct Shelf<T> {
    spare: Vec<T>,
    lent: usize,
}

/// A connection on loan. It goes back when dropped, unless it was [`Lent::discard`]ed.
pub(crate) struct Lent<'a, T> {
    pool: &'a Pool<T>,
    item: Option<T>,
}

impl<T> Pool<T> {
    pub fn new(most: usize) -> Self {
        let shelf = Mutex::new(Shelf { spare: Vec::new(), lent: 0 });
        Self { shelf, returned: Condvar::new(), most }
    }

    /// Takes a spare one or makes one; waits when as many as may be are lent.
    pub fn take<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<Lent<'_, T>, E> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        while shelf.lent == self.most {
            shelf = self.returned.wait(shelf).unwrap_or_else(PoisonError::into_inner);
        }
        shelf.lent += 1;
        let spare = shelf.spare.pop();
        drop(shelf);
        let mut lent = Lent { pool: self, item: spare };
        if lent.item.is_none() {
            lent.item = Some(make()?);
        }
        Ok(lent)
    }
}

impl<T> Lent<'_, T> {
    /// Closes the connection instead of giving it back; it must not be used after.
    pub fn discard(&mut self) {
        self.item = None;
    }
}

impl<T> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        let mut shelf = self.pool.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.lent -= 1;
        shelf.spare.extend(self.item.take());
        self.pool.returned.notify_one();
    }
}

impl<T> Deref for Lent<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.item.as_ref().expect("on loan until dropped")
    }
}

impl<T> DerefMut for Lent<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.item.as_mut().expect("on loan until dropped")
    }
}
