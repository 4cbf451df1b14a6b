//! Signatures and time-stamps made here, read by OpenSSL; made by OpenSSL, read here; and attacked.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod authority;
#[cfg(test)]
mod openssl;
#[cfg(test)]
mod stamps;
