/** The pages where the steps of the checklist are done, as far as the portal has them. */
import { SECTIONS } from '@/app/navigation'
import type { Places } from '@/features/onboarding/places'

export function placesOfSteps(): Places {
  const shop = SECTIONS.find(({ needs }) => needs.startsWith('shops-'))
  return {
    email: { accountPath: '/account' },
    bot: { path: '/settings/bot', needs: 'bots-connect' },
    webhook: { path: '/settings/bot', needs: 'bots-check_health' },
    ...(shop && { shop: { path: shop.path, needs: 'shops-connect' } }),
    channel: { path: '/channels', needs: 'channels-add' },
    plan: { path: '/plans', needs: 'plans-create' },
    test_purchase: { path: '/test-drive', needs: 'test_drives-start' },
  }
}
