"""Both ends of a WebSocket that keep few of its rules, on 127.0.0.1."""
import base64, hashlib, os, socket, struct, threading, time, zlib

def frame(first, payload=b"", key=None):
    head = bytes([first])
    mask = 0x80 if key else 0
    if len(payload) < 126: head += bytes([mask | len(payload)])
    else: head += bytes([mask | 126]) + struct.pack(">H", len(payload))
    if key:
        head += key
        payload = bytes(b ^ key[i % 4] for i, b in enumerate(payload))
    return head + payload

def serve(listener, answer, frames, end):
    peer, _ = listener.accept()
    peer.recv(4096)
    peer.sendall(answer)
    time.sleep(0.02)
    for f in frames:
        peer.sendall(f); time.sleep(0.01)
    time.sleep(0.3)
    end(peer)

def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); s.close()

def talk(port, answer, server_frames, client_frames, fields, end):
    listener = socket.create_server(("127.0.0.1", port))
    t = threading.Thread(target=serve, args=(listener, answer, server_frames, end)); t.start()
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(b"GET /chat HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + fields + b"\r\n")
    time.sleep(0.06)
    for f in client_frames:
        s.sendall(f); time.sleep(0.01)
    time.sleep(0.1)
    try:
        while s.recv(4096): pass
    except OSError: pass
    s.close(); t.join(); listener.close()

K = b"\x11\x22\x33\x44"
start = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
# A wrong answer to the key; frames that break rules; an end by RST.
talk(8081, start + b"Sec-WebSocket-Accept: c2VydmVyIGhhcyBub3QgcmVhZA==\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
     [frame(0x81, b"masked by a server", K), frame(0x8a, b"unasked"), frame(0x82, bytes(range(600)[i % 256] for i in range(600)))],
     [frame(0x81, b"not masked"), frame(0xc1, b"packed?", K), frame(0x83, b"reserved", K), frame(0x81, b"\xff\xfe \x1b[2J", K),
      frame(0x80, b"nothing before", K), frame(0x09, b"x" * 3, K)],
     key + b"Sec-WebSocket-Protocol: superchat\r\n", reset)
# No answer to the key; a failure, not confirmed.
talk(8082, start + b"\r\n", [frame(0x88, struct.pack(">H", 1009) + b"too big")], [frame(0x88, b"", K)], b"", lambda s: s.close())
# Packed text that is none, and packed data that is damaged.
def pack(b):
    c = zlib.compressobj(wbits=-15); return (c.compress(b) + c.flush(zlib.Z_SYNC_FLUSH))[:-4]
talk(8083, start + b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n\r\n",
     [frame(0xc1, pack(b"packed, packed, packed")), frame(0x89, b"still there?")],
     [frame(0xc1, pack(b"\xc3\x28"), K), frame(0xc2, b"\x07damaged", K), frame(0x8a, b"still there?", K)],
     key + b"Sec-WebSocket-Extensions: permessage-deflate\r\n", lambda s: (s.sendall(frame(0x88)), s.close()))
