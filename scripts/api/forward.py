"""Makes a Unix socket reachable over TCP, on a free port of 127.0.0.1 that it prints."""

import socket
import sys
import threading


def copy(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(client):
    with client, socket.socket(socket.AF_UNIX) as daemon:
        daemon.connect(sys.argv[1])
        back = threading.Thread(target=copy, args=(daemon, client))
        back.start()
        copy(client, daemon)
        back.join()


with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
