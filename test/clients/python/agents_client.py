"""What a program with OpenAI's Agents SDK does. Prints one JSON object; OPENAI_BASE_URL, OPENAI_API_KEY."""

import asyncio
import json
import sys
from importlib.metadata import version

from agents import Agent, ModelSettings, Runner, function_tool
from openai.types.shared import Reasoning
from pydantic import BaseModel

model = sys.argv[1]
prompt = '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather, please.'


class Weather(BaseModel):
    city: str
    degrees: float


@function_tool
def weather(city: str) -> str:
    """The weather of a city.

    Args:
        city: Its name.
    """
    if city == "Atlantis":
        raise ValueError("There is no such city.")
    return f"Sunny in {city}."


agent = Agent(
    name="Forecaster",
    instructions="You know the weather.",
    model=model,
    model_settings=ModelSettings(reasoning=Reasoning(effort="low", summary="auto")),
    tools=[weather],
)
shaped = Agent(name="Forecaster", instructions="You know the weather.", model=model, output_type=Weather)


async def run(given, stream: bool):
    if not stream:
        return await Runner.run(agent, given)
    result = Runner.run_streamed(agent, given)
    async for _ in result.stream_events():
        pass
    return result


async def talk(stream: bool) -> dict:
    """Two turns: tools, then another message of the user's."""
    first = await run(prompt, stream)
    again = first.to_input_list() + [{"role": "user", "content": "[[say:Both.]] And now?"}]
    second = await run(again, stream)
    usage = [result.context_wrapper.usage for result in (first, second)]
    return {
        "first": first.final_output,
        "second": second.final_output,
        "usage": {
            "input_tokens": sum(each.input_tokens for each in usage),
            "output_tokens": sum(each.output_tokens for each in usage),
        },
    }


async def main() -> dict:
    return {
        "version": version("openai-agents"),
        "whole": await talk(stream=False),
        "streamed": await talk(stream=True),
        "shaped": (await Runner.run(shaped, "The weather in Paris.")).final_output.model_dump(),
    }


print(json.dumps(asyncio.run(main())))
