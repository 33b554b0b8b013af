"""Carries packets between TUN devices in several network namespaces, each as late as its path is long.

Stands for `tc netem`, which small kernels lack. One JSON object on the command line:
  devices  [[namespace, device], ...]           made here, by the root of these namespaces
  links    [[from, to, ms one way], ...]         a device whose packets all go to one other
  routes   [[cidr, device], ...]                 where the other devices' packets go; the first match wins
  sites    [[cidr, site], ...]                   where an address is; none: everywhere ("anycast")
  rtt      {"site|site": ms}, anycastMs          round trips
Devices are unique names. Says "ready" once they exist. A packet to nowhere is dropped.
"""

import ctypes
import fcntl
import heapq
import ipaddress
import json
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def tun(namespace, device):
    """A TUN device of a namespace: it belongs to the one in which /dev/net/tun was opened."""
    with open(f"/run/netns/{namespace}") as there:
        if LIBC.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", device.encode(), IFF_TUN | IFF_NO_PI))
    return fd


def first(rows, address):
    return next((value for net, value in rows if address.version == net.version and address in net), None)


def main():
    plan = json.loads(sys.argv[1])
    fds = {device: tun(namespace, device) for namespace, device in plan["devices"]}
    links = {fds[a]: (fds[b], ms / 1000) for a, b, ms in plan["links"]}
    routes = [(ipaddress.ip_network(cidr), fds[device]) for cidr, device in plan["routes"]]
    sites = [(ipaddress.ip_network(cidr), site) for cidr, site in plan["sites"]]
    known, queue, number = {}, [], 0

    def path(source, target):
        """The device and the delay between two addresses; None where no route leads."""
        a, b = ipaddress.ip_address(source), ipaddress.ip_address(target)
        fd, ends = first(routes, b), (first(sites, a), first(sites, b))
        ms = plan["anycastMs"] if None in ends else plan["rtt"]["|".join(sorted(ends))]
        return None if fd is None else (fd, ms / 2000)

    print("ready", flush=True)
    while True:
        wait = max(0, queue[0][0] - time.monotonic()) if queue else None
        for fd in select.select(list(fds.values()), [], [], wait)[0]:
            try:
                packet = os.read(fd, 65536)
            except BlockingIOError:
                continue
            now = time.monotonic()
            way = links.get(fd)
            if way is None:
                six = packet[0] >> 4 == 6
                ends = (packet[8:24], packet[24:40]) if six else (packet[12:16], packet[16:20])
                if ends not in known:
                    known[ends] = path(*ends)
                way = known[ends]
            if way is not None:
                number += 1
                heapq.heappush(queue, (now + way[1], number, way[0], packet))
        while queue and queue[0][0] <= time.monotonic():
            _, _, fd, packet = heapq.heappop(queue)
            try:
                os.write(fd, packet)
            except OSError:
                pass  # The device is not up yet, or its queue is full: lost, as on any line.


main()
