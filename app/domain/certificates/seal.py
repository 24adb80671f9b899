"""The electronic seal of a document: a PAdES signature that every PDF reader checks (ETSI EN 319 142).

A deployment seals with the authority's own PKCS #12 file. Without one it has a test authority that follows from its
secret, so that a document sealed yesterday still checks today; its root says of itself that it is for trial use only.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import keys, x509
from cryptography import x509 as building
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigner, PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.config import Seal
from app.errors import ConfigurationError
from app.models import types

ROOT = "职评试用签章根证书（仅供试用）"
SEAL = "职评试用电子签章"
FIELD = "ElectronicSeal"
_CURVE = ec.SECP256R1()
_aside = ThreadPoolExecutor(1, "seal")  # the library runs an event loop, which a thread that has one does not allow
_BEGIN, _END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)


_own: dict[str, pkcs12.PKCS12KeyAndCertificates] = {}  # the authority's own, once `use` was given one


class _SignerOfThatTime(PdfSigner):
    """The library signs as of the machine's clock; a document is sealed as of the instant it is issued."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.at
        return session


def seal(pdf: bytes, office: str, reason: str, at: datetime) -> bytes:
    """The document under the seal of `office`; any byte changed afterwards shows."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=office,
        reason=reason,
    )
    signer = _SignerOfThatTime(meta, signer=_signer())
    signer.at = at
    out = BytesIO()
    _aside.submit(signer.sign_pdf, IncrementalPdfFileWriter(BytesIO(pdf)), output=out).result()
    return out.getvalue()


def use(own: Seal | None) -> None:
    """Seal with the authority's own from now on, or with the test authority's.

    ConfigurationError for a file that the password does not open, and for one without a key or its certificate.
    """
    _own.clear()
    _signer.cache_clear()
    if own is None:
        return
    try:
        found = pkcs12.load_pkcs12(own.content, own.password.encode() or None)
    except ValueError as fault:
        raise ConfigurationError("签章文件不能打开：须为PKCS#12（.p12、.pfx）文件，口令须正确。") from fault
    if found.key is None or found.cert is None:
        raise ConfigurationError("签章文件中没有私钥或者签章证书。")
    _own["seal"] = found


def on_trial() -> bool:
    """Whether seals are the test authority's, good for trying only."""
    return not _own


def ends_at() -> datetime | None:
    """Until when the authority's own certificate holds; None where the trial seal is used."""
    found = _own.get("seal")
    return None if found is None or found.cert is None else found.cert.certificate.not_valid_after_utc


def root_certificate() -> bytes:
    """What seals go back to as PEM: the end of the authority's chain, else the test authority's root."""
    found = _own.get("seal")
    if found is None:
        return _authority()[0].public_bytes(serialization.Encoding.PEM)
    assert found.cert is not None
    last = found.additional_certs[-1] if found.additional_certs else found.cert
    return last.certificate.public_bytes(serialization.Encoding.PEM)


@lru_cache(maxsize=1)
def _signer() -> signers.SimpleSigner:
    found = _own.get("seal")
    if found is None:
        root, certificate, private = _authority()
        return _signing(certificate, private, [root])
    assert found.cert is not None
    return _signing(found.cert.certificate, found.key, [each.certificate for each in found.additional_certs])


def _signing(
    certificate: building.Certificate, private: Any, chain: Sequence[building.Certificate]
) -> signers.SimpleSigner:
    store = SimpleCertificateStore()
    store.register_multiple([_as_asn1(each) for each in chain])
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=_as_asn1(certificate), signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store
    )


@lru_cache(maxsize=1)
def _authority() -> tuple[building.Certificate, building.Certificate, ec.EllipticCurvePrivateKey]:
    """Root, the seal's certificate and the seal's key: the same bytes whenever they are made from the same secret."""
    root_key, seal_key = _key(b"root"), _key(b"seal")
    root_name = building.Name([building.NameAttribute(NameOID.COMMON_NAME, ROOT)])
    root = _certificate(root_name, root_key, root_name, root_key, authority=True)
    seal_name = building.Name([building.NameAttribute(NameOID.COMMON_NAME, SEAL)])
    return root, _certificate(seal_name, seal_key, root_name, root_key, authority=False), seal_key


def _certificate(
    name: building.Name,
    own: ec.EllipticCurvePrivateKey,
    issuer: building.Name,
    signing: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> building.Certificate:
    usage = building.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    builder = (
        building.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(1 if authority else 2)
        .not_valid_before(_BEGIN)
        .not_valid_after(_END - timedelta(days=0 if authority else 1))
        .add_extension(building.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(building.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(building.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    return builder.sign(signing, hashes.SHA256(), ecdsa_deterministic=True)


def _key(what: bytes) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(HKDF(hashes.SHA256(), 40, None, what).derive(types.key("authority")), "big")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-5)
    return ec.derive_private_key(number % (order - 1) + 1, _CURVE)


def _as_asn1(certificate: building.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
