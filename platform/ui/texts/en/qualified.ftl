# Only src/qualification.rs reads these (R23).
qualified-demonstration = Demonstration signature: no legal effect
qualified-demonstration-means = It is for trying things out only.
qualified-undetermined = Legal effect not determined
qualified-undetermined-means = We do not say here whether it equals one by hand.
qualified-advanced = Advanced electronic signature
qualified-advanced-means = The signature is bound to the signer and the document. Its effect is for the recipient to weigh.
qualified-advanced-on-qualified = Advanced electronic signature on a qualified certificate
qualified-advanced-on-qualified-means = A qualified certificate vouches for the signer. It does not equal a signature by hand.
qualified-equal = Qualified electronic signature
qualified-equal-means = Throughout the European Union it has the same effect as a signature by hand.
qualified-stamp-test = Test time-stamp
qualified-stamp-plain = Time-stamp
qualified-stamp-listed = Qualified time-stamp, { $service }
