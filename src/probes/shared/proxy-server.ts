/** `Server` headers of proxies and gateways; Microsoft's own test fails a 403 that carries one (domain.md 3.1 row 22). */
export const PROXY_SERVER =
  /squid|zscaler|blue ?coat|proxysg|netskope|web ?gateway|mcafee|websense|forcepoint|forti(net|gate|proxy|web)|sophos|barracuda|ironport|cisco|palo ?alto|check ?point|iboss|privoxy|tinyproxy|traffic ?server|sonicwall|watchguard|symantec|trend ?micro|proxy/i
