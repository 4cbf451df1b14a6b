//! The portal's pages: data in, page out. No handler, no call, no clock.

mod accessibility;
mod check;
mod data;
mod documents;
mod end_phone;
mod file_fault;
mod freeze;
mod front;
mod home;
mod looks;
mod nothing;
mod obtain;
mod revoke;
mod sample;
mod seat;
mod security;
mod sign;
mod trouble;

pub use accessibility::accessibility;
pub use check::{
    CheckUpload, Checked, Note, SignatureChecked, Verdict, check_upload, verdict_page,
};
pub use data::{DataGroup, MyData, RegisterFact, my_data};
pub use documents::{Documents, SignedDocument, documents};
pub use end_phone::{EndPending, EndPhone, end_phone, end_wait, ended};
pub use file_fault::FileFault;
pub use freeze::{Freeze, code_wrong, freeze, freeze_later, frozen};
pub use front::{Front, System, front};
pub use home::{Home, Previous, RecentLook, home};
pub use looks::{Day, Look, LookResult, Looks, Proof, looks};
pub use obtain::{Applying, KeyPending, Obtain, obtain};
pub use revoke::{Certificate, RevokePending, Revoked, revoke, revoke_wait, revoked};
pub use sample::gallery;
pub use seat::{Menu, Seat};
pub use security::{Browser, Phone, Security, security};
pub use sign::{
    ControlCode, SignDone, SignPending, SignSee, SignUpload, SignWait, sign_done, sign_see,
    sign_upload, sign_wait,
};
pub use trouble::{Trouble, trouble};
