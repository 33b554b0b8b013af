/** The paths of the hub that runners use. All take a POST with JSON; `echo` takes a GET and no signature. */
export const ROUTES = {
  enroll: '/r/v1/enroll',
  hello: '/r/v1/hello',
  poll: '/r/v1/poll',
  measurement: '/r/v1/measurements',
  echo: '/r/v1/echo',
} as const
