/** The form to place something at an address, as a panel on the map's corner; what would come shows on the map meanwhile. */
import { AddressForm } from './addressForm';
import type { Bench, MakePart } from './bench';

const NAME = 'address';

export const atAddress: MakePart = (bench: Bench) => {
  const form = new AddressForm({
    shop: bench.shop, acts: bench.acts, hold: (run) => bench.sheet.hold(run),
    preview: (bodies, at) => {
      if (!bench.canvas || !bench.sheet.isOpen(NAME)) return;
      bench.canvas.foretell(bodies);
      if (at) bench.canvas.reveal({ type: 'Point', coordinates: at });
    },
  });
  let filled = false;
  bench.sheet.watch(NAME, (open) => {
    const { tool } = bench.shop;
    if (!open) return bench.canvas?.foretell([]);
    // What was in hand is what one wants to place there.
    if ('kind' in tool) {
      form.choose(tool.kind);
      bench.acts.setTool({ type: 'none' });
    }
    form.element.querySelector<HTMLElement>('select, input')?.focus();
  });
  return {
    tools: [{ id: 'address', group: 'draw', label: 'byAddress', icon: 'i-adres', panel: NAME, run: () => bench.sheet.toggle(NAME) }],
    panel: { name: NAME, title: 'adrTitle', className: 'ws-address', element: form.element, place: 'float' },
    update: () => {
      if (filled || !bench.shop.catalogue) return;
      filled = true;
      form.show(bench.shop.catalogue);
    },
  };
};
