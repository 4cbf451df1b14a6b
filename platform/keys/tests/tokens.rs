//! Tokens of JOSE with kept keys, and examples of the standards.
#![cfg(test)]

use std::sync::Arc;

use jose::jwe::{self, Jwe, JweError, Sender};
use jose::jwk::Jwk;
use jose::jws::{Accept, Algorithm as Alg, Jws, JwsError, Typ, prepare};
use keys::{
    AesGcm, AgreementKey, Algorithm, EphemeralKey, Keeper, Kek, Purpose, Signer, Suite,
    SystemChance, allowed,
};

#[derive(Debug)]
enum Tokens {}
impl Purpose for Tokens {
    const NAME: &'static str = "test.tokens";
}

fn keeper() -> Keeper {
    let kek = Kek::from_bytes(&[1; 32]).unwrap();
    Keeper::new("identity", "owner/identity", kek, Arc::new(SystemChance::new()))
}

const ALL: &[Alg] = &[Alg::Es256, Alg::Es384, Alg::Rs256, Alg::EdDsa];
const UNTYPED: Accept<'_> = Accept { typ: Typ::IsOrAbsent("JWT"), algorithms: ALL };

/// Payload and key of RFC 7515 §A.2, §A.3 and RFC 8037 §A.4, whose headers have no type.
const EXAMPLES: [(&str, &str); 3] = [
    (
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
    ),
    (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
    ),
    (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ),
];

#[test]
fn rfc_7515_appendices_a_2_and_a_3_and_rfc_8037_a_4_hold() {
    for (token, key) in EXAMPLES {
        let key = Jwk::parse(key.as_bytes()).unwrap();
        let jws = Jws::parse(token, UNTYPED).unwrap();
        assert!(jws.clone().verify(&key, allowed(Suite::House)).is_ok(), "{token}");
        let changed = token.replace("RXhh", "RXhi").replace("eyJpc3Mi", "eyJpc3Ni");
        let changed = Jws::parse(&changed, UNTYPED).unwrap();
        assert_eq!(changed.verify(&key, allowed(Suite::House)), Err(JwsError::Signature));
        assert_eq!(jws.verify(&key, &[]), Err(JwsError::Algorithm));
    }
}

#[test]
fn every_signing_key_makes_tokens_that_verify() {
    for algorithm in [Algorithm::P256, Algorithm::P384, Algorithm::Rsa3072, Algorithm::Ed25519] {
        let (signer, _) = keeper().make::<Signer<Tokens>>(algorithm).unwrap();
        let header = signer.token_header("at+jwt").unwrap();
        let token = signer.sign_token(prepare(&header, b"{}").unwrap()).unwrap();
        let jws = Jws::parse(&token, Accept::only("at+jwt", ALL)).unwrap();
        let jwk = signer.public_key().jwk().unwrap();
        assert_eq!(jws.header().kid, jwk.kid);
        assert_eq!(jws.verify(&jwk, allowed(Suite::House)).unwrap().payload, b"{}");
    }
}

#[test]
fn a_token_does_not_verify_with_a_key_of_another_kind_or_alg() {
    let (p256, _) = keeper().make::<Signer<Tokens>>(Algorithm::P256).unwrap();
    let (p384, _) = keeper().make::<Signer<Tokens>>(Algorithm::P384).unwrap();
    let header = p256.token_header("JWT").unwrap();
    let token = p256.sign_token(prepare(&header, b"{}").unwrap()).unwrap();
    let jws = Jws::parse(&token, UNTYPED).unwrap();
    let other = p384.public_key().jwk().unwrap();
    let refused = jws.clone().verify(&other, allowed(Suite::House));
    assert_eq!(refused, Err(JwsError::Algorithm));
    let mut own = p256.public_key().jwk().unwrap();
    own.alg = Some("ES384".to_owned());
    assert_eq!(jws.verify(&own, allowed(Suite::House)), Err(JwsError::Algorithm));
}

fn sealed(to: &Jwk, plain: &[u8]) -> Result<String, JweError> {
    let ephemeral = EphemeralKey::make(Algorithm::EcdhP256).unwrap();
    let chance: &dyn base::Chance = &SystemChance::new();
    let sender = Sender { ephemeral: &ephemeral, aead: &AesGcm, nonce: chance.bytes() };
    jwe::encrypt(to, "sakta-instruction", plain, sender)
}

#[test]
fn what_is_encrypted_opens_with_its_key_only() {
    let make = || keeper().make::<AgreementKey<Tokens>>(Algorithm::EcdhP256).unwrap().0;
    let (own, other) = (make(), make());
    let jwk = own.public_key().jwk().unwrap();
    let token = sealed(&jwk, b"words").unwrap();
    let jwe = Jwe::parse(&token, "sakta-instruction").unwrap();
    assert_eq!(jwe.kid(), jwk.kid.as_deref());
    assert_eq!(jwe.decrypt(&own, &AesGcm).unwrap().as_slice(), b"words");
    assert_eq!(jwe.decrypt(&other, &AesGcm), Err(JweError::Sealed));
    let (front, tag) = token.rsplit_once('.').unwrap();
    let flipped = if tag.starts_with('A') { "B" } else { "A" };
    let changed = format!("{front}.{flipped}{}", tag.split_at(1).1);
    let changed = Jwe::parse(&changed, "sakta-instruction").unwrap();
    assert_eq!(changed.decrypt(&own, &AesGcm), Err(JweError::Sealed));
}

#[test]
fn a_point_off_the_curve_is_refused() {
    let (own, _) = keeper().make::<AgreementKey<Tokens>>(Algorithm::EcdhP256).unwrap();
    let off = Jwk::from(jose::jwk::Key::P256([7; 64]));
    assert_eq!(sealed(&off, b"words"), Err(JweError::Key));
    let token = sealed(&own.public_key().jwk().unwrap(), b"words").unwrap();
    let (header, rest) = token.split_once('.').unwrap();
    let header = jose::unbase64url(header).unwrap();
    let mut header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    header["epk"] = serde_json::to_value(&off).unwrap();
    let forged = format!("{}.{rest}", jose::base64url(header.to_string().as_bytes()));
    let jwe = Jwe::parse(&forged, "sakta-instruction").unwrap();
    assert_eq!(jwe.decrypt(&own, &AesGcm), Err(JweError::Key));
}
