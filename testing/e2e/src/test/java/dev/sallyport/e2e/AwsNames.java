package dev.sallyport.e2e;

import dev.sallyport.testkit.tls.PublicAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Names of AWS on this machine: each has an address of its own, where TLS ends and what comes is
 * passed on. Programs find them by a file of hosts. Listens on port 443 of loopback addresses.
 */
final class AwsNames implements AutoCloseable {
  private static final int HTTPS = 443;
  private static final int CHUNK = 16 * 1024;

  private final Path hosts;
  private final List<SSLServerSocket> opened = new ArrayList<>();
  private final Set<String> dialled = ConcurrentHashMap.newKeySet();

  /**
   * @param targets which port of this machine each name leads to
   * @throws IOException when port 443 can't be had
   */
  AwsNames(Path folder, PublicAuthority authority, Map<String, Integer> targets)
      throws IOException {
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("localhost", "127.0.0.1");
    int next = 1;
    for (Map.Entry<String, Integer> target : targets.entrySet()) {
      String address = "127.0.53." + next++;
      addresses.put(target.getKey(), address);
      SSLContext tls = authority.serverContext(List.of("aws", target.getKey()));
      SSLServerSocket listener =
          (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
      opened.add(listener);
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), HTTPS));
      Thread.ofVirtual().start(() -> accept(listener, target.getKey(), target.getValue()));
    }
    StringBuilder lines = new StringBuilder();
    addresses.forEach(
        (name, address) -> lines.append(address).append(' ').append(name).append('\n'));
    hosts = Files.writeString(folder.resolve("hosts"), lines.toString());
  }

  /** What a JVM needs to find the names here. */
  String javaOption() {
    return "-Djdk.net.hosts.file=" + hosts;
  }

  /** The names that were dialled, and asked for in TLS. */
  Set<String> dialled() {
    return Set.copyOf(dialled);
  }

  private void accept(SSLServerSocket listener, String name, int port) {
    try {
      while (true) {
        SSLSocket client = (SSLSocket) listener.accept();
        Thread.ofVirtual().start(() -> serve(client, name, port));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(SSLSocket client, String name, int port) {
    try (client;
        Socket behind = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      client.startHandshake();
      boolean asked =
          ((ExtendedSSLSession) client.getSession())
              .getRequestedServerNames().stream()
                  .anyMatch(it -> it instanceof SNIHostName sni && sni.getAsciiName().equals(name));
      dialled.add(asked ? name : name + " without its name");
      Thread back = Thread.ofVirtual().start(() -> copy(behind, client));
      copy(client, behind);
      back.join();
    } catch (IOException e) {
      // Its client left, or does not trust us.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        out.write(chunk, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // ended in disorder
    }
    try {
      from.close();
      to.close();
    } catch (IOException e) {
      // gone already
    }
  }

  @Override
  public void close() throws IOException {
    for (SSLServerSocket each : opened) {
      each.close();
    }
  }
}
