package dev.sallyport.auth.api;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.authority.JoinCertificate;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Which client certificates finish the handshake: those of the cluster's users and parts, on
/// connections for our protocol, and hosts that want to become one. Refusals are audited.
final class ClientTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager peers;
  private final StrangerLog strangers;

  ClientTrust(IdentityVerifier verifier, StrangerLog strangers) {
    this.peers = PeerTrust.clients(verifier, EnumSet.allOf(SystemRole.class));
    this.strangers = strangers;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      if (!AuthServer.PROTOCOL.equals(engine.getHandshakeApplicationProtocol())) {
        throw new CertificateException("the client did not ask for " + AuthServer.PROTOCOL);
      }
      if (JoinCertificate.key(List.of(chain)).isEmpty()) {
        peers.checkClientTrusted(chain, type, engine);
      }
    } catch (CertificateException e) {
      strangers.refused(String.valueOf(engine.getPeerHost()), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("only checked with an engine");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("only checked with an engine");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("the Auth Service dials nobody");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("the Auth Service dials nobody");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("the Auth Service dials nobody");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
