"""`make bench`: how fast events are recorded, against bare Bolt."""

import asyncio

from tests.bench.bench_recording import main

asyncio.run(main())
