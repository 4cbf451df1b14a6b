"""pyHanko's verdicts on signed PDF files, offline: verdicts.py ROOT.pem FILE...

Prints a JSON object a line for each file, in order: whether each way of pyHanko accepts every
signature in it, and why not. Certificates and revocation data are the file's own, and no other.
- "validate": the usual check.
- "ades": the check of signatures with time of EN 319 102-1 section 5.5, which is that of level LT.
- "bare": the usual check, but for what was added after the signature, which is not looked at.
Each is tried by pyHanko's strict reader first, and then ("strict": false) by its lenient one, which
is what it has for files that were broken before anybody signed them.
"""

import asyncio
import json
import logging
import sys

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.ades import ades_with_time_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer


def store(reader):
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


async def validate(signature, reader, root, skip_diff=False):
    known = {"trust_roots": [root], "allow_fetching": False, "revocation_mode": "hard-fail"}
    own = store(reader)
    context = own.as_validation_context(known) if own else ValidationContext(**known)
    status = await async_validate_pdf_signature(
        signature, signer_validation_context=context, skip_diff=skip_diff
    )
    return status.bottom_line, status.summary()


async def bare(signature, reader, root):
    return await validate(signature, reader, root, skip_diff=True)


def knowledge(reader):
    own = store(reader)
    if own is None:
        return LocalKnowledge()
    answers = [OCSPResponse.load(each.get_object().data) for each in own.ocsps]
    lists = [CertificateList.load(each.get_object().data) for each in own.crls]
    return LocalKnowledge(
        known_certs=list(own.load_certs()),
        known_ocsps=[each for answer in answers for each in OCSPContainer.load_multi(answer)],
        known_crls=[CRLContainer(crl_data=each) for each in lists],
    )


async def ades(signature, reader, root):
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[root]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    specification = SignatureValidationSpec(
        cert_validation_policy=policy,
        revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        local_knowledge=knowledge(reader),
    )
    signature.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
    result = await ades_with_time_validation(
        signed_data=signature.signed_data,
        validation_spec=specification,
        raw_digest=signature.compute_digest(),
        extra_status_kwargs=signature.summarise_integrity_info(),
        status_cls=PdfSignatureStatus,
    )
    passed = result.ades_subindic is AdESPassed.OK and result.api_status.bottom_line
    return passed, f"{result.ades_subindic.name} {result.api_status.summary()}"


async def read(way, file, root, strict):
    with open(file, "rb") as stream:
        reader = PdfFileReader(stream, strict=strict)
        signatures = reader.embedded_regular_signatures
        return [await way(signature, reader, root) for signature in signatures]


async def verdict(way, file, root):
    """Whether all signatures are accepted, and the words about the first that is not."""
    for strict in (True, False):
        try:
            said = await read(way, file, root, strict)
        except Exception as why:  # Whatever it stumbles over is a refusal.
            said = [(False, f"{type(why).__name__}: {why}")]
        passed, words = min(said, key=lambda one: one[0], default=(False, "no signature found"))
        verdict = {"passed": passed, "said": words, "strict": strict}
        if passed:
            break
    return verdict


async def main(root, files):
    root = load_cert_from_pemder(root)
    for file in files:
        line = {"file": file}
        for name, way in (("validate", validate), ("ades", ades), ("bare", bare)):
            line[name] = await verdict(way, file, root)
        print(json.dumps(line), flush=True)


logging.disable(logging.CRITICAL)
asyncio.run(main(sys.argv[1], sys.argv[2:]))
