package dev.sallyport.net;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Judges as another trust manager does, and lets the peer hear that its certificate was refused:
/// BoringSSL would say `internal_error` otherwise, which a client must take for an outage.
final class TellingTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager judge;

  TellingTrust(X509ExtendedTrustManager judge) {
    this.judge = judge;
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private static void telling(Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw e;
    } catch (CertificateException e) {
      throw new OpenSslCertificateException(
          e.getMessage(), e, CertificateVerifier.X509_V_ERR_CERT_REJECTED);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    telling(() -> judge.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    telling(() -> judge.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    telling(() -> judge.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    telling(() -> judge.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    telling(() -> judge.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    telling(() -> judge.checkServerTrusted(chain, type));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return judge.getAcceptedIssuers();
  }
}
