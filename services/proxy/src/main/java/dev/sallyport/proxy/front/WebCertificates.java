package dev.sallyport.proxy.front;

import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.IdentityBound;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.ProxyConfig.HttpsKeypair;
import dev.sallyport.proxy.ProxyStartException;
import io.netty.handler.ssl.SslContext;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of the web door: the configured one whose names hold the host name that the
/// client asked for, else the first; without any, the Proxy's own. Their files may be replaced at
/// any time: new connections get the new ones, open connections go on. Safe for any thread.
final class WebCertificates {
  /// What the web door speaks, in the order of its choice.
  static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

  private static final Logger log = LoggerFactory.getLogger(WebCertificates.class);
  private static final int DNS_NAME = 2;

  private final List<HttpsKeypair> keypairs;
  private final Supplier<SslContext> own;
  private final TlsProvider provider;
  private final InstantSource clock;
  private volatile Shown shown;
  private String told = "";

  /// What is shown, and what it was made of.
  private record Shown(List<TlsIdentity> identities, List<Entry> entries) {}

  private record Entry(Set<String> names, SslContext context) {
    boolean covers(String host) {
      int dot = host.indexOf('.');
      return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
    }
  }

  private WebCertificates(
      List<HttpsKeypair> keypairs,
      Supplier<SslContext> own,
      TlsProvider provider,
      InstantSource clock)
      throws ProxyStartException {
    this.keypairs = keypairs;
    this.own = own;
    this.provider = provider;
    this.clock = clock;
    shown = made(CertificateFiles.read(keypairs));
  }

  /// Reads the files. Certificates that are out of time are told in the log, and shown: much of the
  /// Proxy works without them.
  static WebCertificates load(
      List<HttpsKeypair> keypairs,
      Supplier<TlsIdentity> own,
      TlsProvider provider,
      InstantSource clock)
      throws ProxyStartException {
    var certificates =
        new WebCertificates(
            keypairs,
            new IdentityBound<>(
                own, identity -> TlsContexts.webServer(identity, PROTOCOLS, provider)),
            provider,
            clock);
    CertificateFiles.outOfTime(certificates.shown.identities(), clock.instant())
        .ifPresent(why ->
            log.atError()
                .addKeyValue("problem", why)
                .log("Browsers and tsh will refuse the Proxy's certificate; replace its files"));
    return certificates;
  }

  private Shown made(List<TlsIdentity> identities) throws ProxyStartException {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < identities.size(); i++) {
      var identity = identities.get(i);
      try {
        entries.add(
            new Entry(
                names(identity.leaf()), TlsContexts.webServer(identity, PROTOCOLS, provider)));
      } catch (IllegalArgumentException | CertificateParsingException e) {
        throw new ProxyStartException(
            "proxy_service.https_keypairs[" + i + "]: " + e.getMessage(), e);
      }
    }
    return new Shown(identities, List.copyOf(entries));
  }

  /// Reads the files again and shows what is in them, if it is another and whole. Otherwise what is
  /// shown stays, and the log tells why, once. A pair of which only one file was replaced yet is
  /// not whole.
  ///
  /// @return whether others are shown now
  synchronized boolean reload() {
    try {
      var identities = CertificateFiles.read(keypairs);
      if (identities.equals(shown.identities())) {
        told = "";
        return false;
      }
      var late = CertificateFiles.outOfTime(identities, clock.instant());
      if (late.isPresent()) {
        keep(late.get());
        return false;
      }
      shown = made(identities);
      told = "";
      log.atInfo()
          .addKeyValue("end", CertificateFiles.end(identities).map(Instant::toString).orElse(""))
          .log("The Proxy shows new certificates");
      return true;
    } catch (ProxyStartException e) {
      keep(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /// The same because somebody asks for it, who is told again what was told before.
  synchronized boolean reloadAsAsked() {
    told = "";
    return reload();
  }

  private void keep(String why) {
    if (!why.equals(told)) {
      log.atError()
          .addKeyValue("problem", why)
          .log("The new certificates of the Proxy can't be used; it goes on with those it has");
    }
    told = why;
  }

  /// When the first of those that are shown ends; nothing if the Proxy shows its own.
  Optional<Instant> end() {
    return CertificateFiles.end(shown.identities());
  }

  private static Set<String> names(X509Certificate leaf) throws CertificateParsingException {
    var names = new LinkedHashSet<String>();
    var alternatives = leaf.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (var alternative : alternatives) {
        if (alternative.get(0) instanceof Integer type
            && type == DNS_NAME
            && alternative.get(1) instanceof String name) {
          names.add(name.toLowerCase(Locale.ROOT));
        }
      }
    }
    return Set.copyOf(names);
  }

  /// The context for a host name.
  SslContext choose(Optional<String> host) {
    var entries = shown.entries();
    if (entries.isEmpty()) {
      return own.get();
    }
    return host.flatMap(name -> entries.stream().filter(one -> one.covers(name)).findFirst())
        .orElse(entries.getFirst())
        .context();
  }
}
