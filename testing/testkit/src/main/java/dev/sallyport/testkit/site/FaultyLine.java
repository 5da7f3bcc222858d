package dev.sallyport.testkit.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A line to a server on this machine that can be cut without either end being told: a partition,
 * after which TCP sends again what did not get through, or a loss that leaves connections half-open
 * for ever. Each way of each kind of connection by itself; the kind is a word in what the client
 * says first, such as a protocol's name in a TLS hello. And a {@link Fuse} resets a connection
 * after a number of bytes. Safe from any thread; whoever makes it closes it.
 */
public final class FaultyLine implements AutoCloseable {
  /** The kind that all connections are of. */
  public static final String ALL = "";

  private static final int CHUNK = 64 * 1024;
  private static final int TLS_HANDSHAKE = 0x16;
  private static final int RECORD_HEADER = 5;
  private static final int BACKLOG = 1024;

  private final ServerSocket listener = new ServerSocket();
  private volatile int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<Leg> carrying = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Fuse> fuses = new AtomicReference<>(new Fuse(0, leg -> false));
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  // Guarded by itself, which is also what held bytes wait on.
  private final Map<String, Map<Way, Fault>> faults = new HashMap<>();

  /** Whose bytes. */
  public enum Way {
    /** The client's. */
    THERE,
    /** The server's. */
    BACK
  }

  /** What becomes of bytes, and of the end of a connection. */
  public enum Fault {
    /** They are kept, and delivered when the line heals. */
    HELD,
    /** They are gone, and so is all that the connection sends that way later. */
    LOST
  }

  /** A line that leads nowhere yet. */
  public FaultyLine() throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
    Thread.ofVirtual().name("faulty-line").start(this::accept);
  }

  /** From now on clients get to this port of 127.0.0.1. */
  public void leadTo(int port) {
    target = port;
  }

  /** Where clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on this becomes of the bytes of such connections, those that are open too. */
  public void cut(String kind, Way way, Fault fault) {
    synchronized (faults) {
      faults.computeIfAbsent(kind, any -> new EnumMap<>(Way.class)).put(way, fault);
    }
  }

  /** The same for both ways. */
  public void cut(String kind, Fault fault) {
    for (Way way : Way.values()) {
      cut(kind, way, fault);
    }
  }

  /**
   * Resets the first of such connections, open or to come, that has carried so many more bytes this
   * way; takes the place of an earlier fuse.
   */
  public Fuse resetAfter(String kind, Way way, long bytes) {
    Fuse fuse = new Fuse(bytes, leg -> leg.is(kind, way));
    fuses.set(fuse);
    return fuse;
  }

  /** The same among those that are open now. */
  public Fuse resetOpenAfter(String kind, Way way, long bytes) {
    Set<Leg> open = Set.copyOf(carrying);
    Fuse fuse = new Fuse(bytes, leg -> leg.is(kind, way) && open.contains(leg));
    fuses.set(fuse);
    return fuse;
  }

  /** Delivers what is held; what comes from now on passes, on connections that lost nothing. */
  public void heal() {
    synchronized (faults) {
      faults.clear();
      faults.notifyAll();
    }
  }

  /** How many connections have bytes that are held now; each way counts. */
  public int waiting() {
    return waiting.get();
  }

  /** How many connections there ever were. */
  public int taken() {
    return taken.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        taken.incrementAndGet();
        Thread.ofVirtual().name("faulty-line-connection").start(() -> serve(client));
      } catch (IOException end) {
        // Closed, or a client that was gone before it was taken.
      }
    }
  }

  private void serve(Socket client) {
    Socket server = new Socket();
    open.add(client);
    open.add(server);
    try (client;
        server) {
      client.setTcpNoDelay(true);
      server.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), target));
      server.setTcpNoDelay(true);
      byte[] first = first(client.getInputStream());
      String hello = new String(first, StandardCharsets.ISO_8859_1);
      Thread back =
          Thread.ofVirtual()
              .name("faulty-line-back")
              .start(() -> pump(new Leg(hello, Way.BACK, server, client), new byte[0]));
      pump(new Leg(hello, Way.THERE, client, server), first);
      back.join();
    } catch (IOException gone) {
      // The target does not listen: the client sees the end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
      open.remove(server);
    }
  }

  /** One way of one connection. */
  record Leg(String hello, Way way, Socket from, Socket to) {
    boolean is(String kind, Way wanted) {
      return way == wanted && hello.contains(kind);
    }
  }

  /** Ends when the way has ended and that was told, or was lost as well. */
  private void pump(Leg leg, byte[] first) {
    byte[] chunk = Arrays.copyOf(first, Math.max(CHUNK, first.length));
    int read = first.length;
    carrying.add(leg);
    try {
      while (read >= 0) {
        if (read > 0) {
          if (!mayPass(leg)) {
            swallow(leg.from.getInputStream());
            return;
          }
          int passing = fuses.get().pass(leg, read);
          leg.to.getOutputStream().write(chunk, 0, passing);
          if (passing < read) {
            reset(leg.from);
            reset(leg.to);
            return;
          }
        }
        read = leg.from.getInputStream().read(chunk);
      }
      if (mayPass(leg)) {
        leg.to.shutdownOutput();
      }
    } catch (IOException broken) {
      if (mayPass(leg)) {
        reset(leg.from);
        reset(leg.to);
      }
    } finally {
      carrying.remove(leg);
    }
  }

  /** Waits while it is held; whether it is not lost. */
  private boolean mayPass(Leg leg) {
    synchronized (faults) {
      if (fault(leg) == Fault.HELD) {
        waiting.incrementAndGet();
        try {
          while (fault(leg) == Fault.HELD) {
            faults.wait();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        } finally {
          waiting.decrementAndGet();
        }
      }
      return fault(leg) == null;
    }
  }

  private @Nullable Fault fault(Leg leg) {
    for (Map.Entry<String, Map<Way, Fault>> entry : faults.entrySet()) {
      Fault fault = entry.getValue().get(leg.way);
      if (fault != null && leg.hello.contains(entry.getKey())) {
        return fault;
      }
    }
    return null;
  }

  private static void swallow(InputStream in) throws IOException {
    byte[] nowhere = new byte[CHUNK];
    int read = 0;
    while (read >= 0) {
      read = in.read(nowhere);
    }
  }

  /** One TLS record, or whatever came in one piece. */
  private static byte[] first(InputStream in) throws IOException {
    byte[] header = in.readNBytes(RECORD_HEADER);
    if (header.length < RECORD_HEADER || header[0] != TLS_HANDSHAKE) {
      return header;
    }
    int length = Byte.toUnsignedInt(header[3]) << 8 | Byte.toUnsignedInt(header[4]);
    byte[] record = Arrays.copyOf(header, RECORD_HEADER + length);
    int read = in.readNBytes(record, RECORD_HEADER, length);
    return Arrays.copyOf(record, RECORD_HEADER + read);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException gone) {
      // Closed already.
    }
  }

  /** Breaks every connection, and takes no more. */
  @Override
  public void close() {
    heal();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a listening socket does not close", e);
    }
    open.forEach(FaultyLine::reset);
  }
}
