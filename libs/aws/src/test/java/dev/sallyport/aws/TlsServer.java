package dev.sallyport.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A server named `localhost` that vouches for itself.
///
/// @param pem its certificate, for whoever shall believe it
record TlsServer(SSLContext tls, Path pem) {
  private static final String PASSWORD = "changeit";

  /// A fresh one, whose files are made in the folder with the JDK's own tool.
  static TlsServer create(Path folder, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    var keys = folder.resolve(name + ".p12");
    var pem = folder.resolve(name + ".pem");
    keytool(
        keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:localhost");
    keytool(keys, "-exportcert", "-rfc", "-file", pem.toString());
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    return new TlsServer(tls, pem);
  }

  private static void keytool(Path keys, String... arguments)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-alias", "server", "-keystore", keys.toString(), "-storepass", PASSWORD));
    var tool = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said =
        new String(tool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (tool.waitFor() != 0) {
      throw new IOException(said);
    }
  }
}
