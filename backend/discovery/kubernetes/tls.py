"""TLS to the API server."""

import logging
import ssl
from dataclasses import dataclass

from backend.discovery.kubernetes.errors import ClusterConfigError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """Paths that the configuration of a cluster names; empty where it names none."""

    authority: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True


def context_for(files: TlsFiles, *, strict: bool) -> ssl.SSLContext:
    """A context of our own, which trusts the cluster's authority and no other.

    Since Python 3.13 a default context checks certificates strictly by RFC 5280, and refuses the authorities of many
    clusters, which lack an extension. ``strict`` keeps that check; without it chain, name and dates are still checked.

    Raises:
        ClusterConfigError: a file cannot be read or is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # As kubectl does: whatever the cluster's file holds is trusted, an intermediate authority too.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if strict:
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    if not files.verify:
        log.warning("the certificate of the API server is not checked: the kubeconfig says so")
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if not files.authority:
        context.load_default_certs()
    try:
        if files.authority:
            context.load_verify_locations(cafile=files.authority)
        if files.certificate:
            context.load_cert_chain(files.certificate, files.key or None)
    except OSError as error:  # an SSLError is one
        named = " and ".join(filter(None, (files.authority, files.certificate)))
        raise ClusterConfigError(f"Cannot use the certificates of the cluster, {named}: {error}.") from error
    return context
