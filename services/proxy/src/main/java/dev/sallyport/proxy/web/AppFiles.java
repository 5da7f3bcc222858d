package dev.sallyport.proxy.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/// The built web app: one page that is served under every address of `/web`, and the files that it
/// loads, whose names hold a hash of what is in them. All of them are read at the start, since they
/// are few, and nothing that a request says becomes a file's name.
final class AppFiles {
  private static final String FOLDER = "/sallyport-web/";
  private static final String LIST = FOLDER + "files.txt";
  private static final String PAGE = "index.html";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  private final Map<String, AppFile> files = new LinkedHashMap<>();

  /// One file, as it is and compressed. Nothing secret is in it, so compressing tells nothing.
  private static final class AppFile {
    final String type;
    final byte[] plain;
    final byte[] gzip;

    AppFile(String type, byte[] plain) {
      this.type = type;
      this.plain = plain;
      this.gzip = compressed(plain);
    }
  }

  /// Reads the files.
  AppFiles() {
    for (var name : new String(resource(LIST), StandardCharsets.UTF_8).lines().toList()) {
      files.put(name, new AppFile(type(name), resource(FOLDER + name)));
    }
    if (!files.containsKey(PAGE)) {
      throw new IllegalStateException("the web app was built without its page");
    }
  }

  void addTo(RoutesConfig routes) {
    routes.get("/", context -> context.redirect("/web"));
    routes.get("/web", this::page);
    for (var name : files.keySet()) {
      if (!name.equals(PAGE)) {
        routes.get("/web/" + name, context -> asset(context, name));
      }
    }
    routes.get("/web/<path>", this::page);
  }

  private void page(Context context) {
    send(context, PAGE);
  }

  private void asset(Context context, String name) {
    context.header("Cache-Control", "public, max-age=31536000, immutable");
    send(context, name);
  }

  private void send(Context context, String name) {
    var file = Objects.requireNonNull(files.get(name), name);
    context.header("Vary", "Accept-Encoding");
    context.contentType(file.type);
    var accepted = context.header("Accept-Encoding");
    if (accepted != null && accepted.toLowerCase(Locale.ROOT).contains("gzip")) {
      context.header("Content-Encoding", "gzip").result(file.gzip);
    } else {
      context.result(file.plain);
    }
  }

  private static String type(String name) {
    var type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null) {
      throw new IllegalStateException("the web app has a file of a kind not known here: " + name);
    }
    return type;
  }

  private static byte[] resource(String name) {
    try (InputStream in = AppFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            name + " is missing: the module 'web' was not built into this product");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static byte[] compressed(byte[] plain) {
    var bytes = new ByteArrayOutputStream(plain.length / 2 + 64);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
