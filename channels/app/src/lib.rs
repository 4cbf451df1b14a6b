//! The app on the person's phone (eParaksts mobile): its screens.

pub mod screens;
